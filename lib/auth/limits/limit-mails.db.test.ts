import { describe, expect, it } from "vitest";
import { resendCode } from "@/lib/auth/factors/resend-code.ts";
import { forgotPassword } from "@/lib/auth/password/forgot-password.ts";
import { askChange, freshAddress, startChange } from "@/lib/testing/email-change.ts";
import { mailsTo } from "@/lib/testing/mailbox.ts";
import { newAddress, registering } from "@/lib/testing/registering.ts";
import { codeRefused, createTwoStepWorld, THIEF } from "@/lib/testing/two-step.ts";
import { openSession } from "@/lib/testing/wire.ts";

const MINUTE = 60;
const { throttled } = codeRefused;

const world = createTwoStepWorld({ RATE_LIMITS: "on" });
const { begin, start } = registering(world);

let clients = 0;
const stranger = () => {
  clients += 1;
  return { ...THIEF, ip: `198.18.${clients >> 8}.${clients & 255}` };
};

describe("mails that a stranger asks for", () => {
  it("registrations of somebody's address leave the reset link its own five an hour, and the other way round", async () => {
    const [user, other] = [await world.person(), await world.person()];
    const forgot = ({ email }: { email: string }) =>
      forgotPassword(world.call({ device: stranger() }), { email });
    for (let turn = 0; turn < 5; turn += 1) await begin(user.email, { device: stranger() });
    expect(await begin(user.email, { device: stranger() })).toEqual(throttled(12 * MINUTE));
    for (let turn = 0; turn < 5; turn += 1) expect(await forgot(user)).toEqual({ kind: "asked" });
    expect(await forgot(user)).toEqual(throttled(12 * MINUTE));
    for (let turn = 0; turn < 5; turn += 1) await forgot(other);
    expect(await begin(other.email, { device: stranger() })).toMatchObject({ kind: "sent" });
  });

  it("three accounts that change to one address, and ask again, mail it five times an hour", async () => {
    const email = freshAddress();
    const began = world.clock.now().getTime();
    for (let account = 0; account < 3; account += 1) {
      const device = stranger();
      const holder = await openSession(world.app, await world.person(), device);
      const sent = await askChange(world, holder, email, { device });
      if (sent.kind !== "sent") continue;
      for (let turn = 0; turn < 4; turn += 1) {
        world.clock.advance(MINUTE);
        const asked = { secret: sent.challenge.challenge, purpose: "email-change" } as const;
        await resendCode(world.call({ device }), { ...asked, sessionId: holder.session.id });
      }
    }
    expect(world.clock.now().getTime() - began).toBeLessThan(12 * MINUTE * 1000);
    expect(await mailsTo(world.app, email)).toHaveLength(5);
  });

  it("resends of registrations draw on the client's twenty an hour, whichever addresses they go to", async () => {
    const device = stranger();
    const addresses = Array.from({ length: 10 }, newAddress);
    const pending = [];
    for (const email of addresses) pending.push(await start(email, { device }));
    const resend = (secret: string, from = device) =>
      resendCode(world.call({ device: from }), { secret, purpose: "register" });
    world.clock.advance(MINUTE);
    const outcomes = [];
    for (const { challenge } of pending) outcomes.push(await resend(challenge));
    expect(outcomes.map(({ kind }) => kind)).toEqual(Array(10).fill("sent"));
    world.clock.advance(MINUTE);
    const refused = [];
    for (const { challenge } of pending) refused.push(await resend(challenge));
    expect(refused.filter(({ kind }) => kind === "sent").length).toBeLessThanOrEqual(1);
    expect(await resend(pending[9]?.challenge ?? "", stranger())).toMatchObject({ kind: "sent" });
  });

  it("a resend that is refused as too early takes nothing from the address", async () => {
    const device = stranger();
    const holder = await openSession(world.app, await world.person(), device);
    const email = freshAddress();
    const { challenge } = await startChange(world, holder, email, { device });
    const asked = { secret: challenge, purpose: "email-change", sessionId: holder.session.id } as const;
    for (let turn = 0; turn < 10; turn += 1) {
      expect(await resendCode(world.call({ device }), asked)).toMatchObject({
        code: "throttled",
      });
    }
    world.clock.advance(MINUTE);
    expect(await resendCode(world.call({ device }), asked)).toMatchObject({ kind: "sent" });
  });
});
