import { describe, expect, it } from "vitest";
import type { User } from "@/db/queries/users.ts";
import { openChallenge } from "@/lib/auth/challenges/open-challenge.ts";
import { disownLogIn } from "@/lib/auth/devices/disown-log-in.ts";
import { undoEmailChange } from "@/lib/auth/email/undo-email-change.ts";
import { resetPassword } from "@/lib/auth/password/reset-password.ts";
import { robbed } from "@/lib/testing/email-change.ts";
import { codeRefused, createTwoStepWorld, entered, THIEF } from "@/lib/testing/two-step.ts";

const NEW_PASSWORD = "another good pass phrase";
const { throttled } = codeRefused;

const world = createTwoStepWorld({ RATE_LIMITS: "on" });

let clients = 0;
/** Wrong passwords of strangers, until nobody without a trusted device is let try. */
async function lockOut(user: User) {
  for (let turn = 0; turn < 12; turn += 1) {
    clients += 1;
    const device = { ...THIEF, ip: `198.18.${clients >> 8}.${clients & 255}` };
    await world.logIn(user, { password: "not the password", device });
  }
  expect(await world.logIn(user)).toEqual(throttled(30));
}

async function linkFor(user: User, purpose: "password-reset" | "not-me") {
  const link = { purpose, userId: user.id, pending: { email: user.email }, lifetimeSeconds: 1800 };
  return openChallenge(world.db, link, world.clock.now());
}

describe("whoever strangers keep from logging in", () => {
  it("gets in at once after a reset of the password", async () => {
    const user = await world.person({ twoFactorEmail: false });
    await lockOut(user);
    const link = { token: await linkFor(user, "password-reset"), password: NEW_PASSWORD };
    expect(await resetPassword(world.call(), link)).toEqual({ kind: "reset" });
    entered(await world.logIn(user, { password: NEW_PASSWORD }));
  });

  it("is let try at once after saying that a log-in wasn't theirs", async () => {
    const user = await world.person({ twoFactorEmail: false });
    await lockOut(user);
    const secret = await linkFor(user, "not-me");
    expect(await disownLogIn(world.call(), secret)).toMatchObject({
      kind: "disowned",
    });
    entered(await world.logIn(user));
  });

  it("is let try at once after undoing a change of address", async () => {
    const { user, secret } = await robbed(world, THIEF);
    await lockOut(user);
    expect(await undoEmailChange(world.call(), secret)).toMatchObject({
      kind: "undone",
    });
    expect(await world.logIn(user)).toMatchObject({ kind: "two-factor-required" });
  });

  it("waits on where a link was refused, and where somebody else's was used", async () => {
    const [user, other] = [await world.person(), await world.person()];
    await lockOut(user);
    const now = world.clock.now();
    await resetPassword(world.call({ now }), { token: "made up", password: NEW_PASSWORD });
    await disownLogIn(world.call({ now }), "made up");
    await disownLogIn(world.call({ now }), await linkFor(other, "not-me"));
    expect(await world.logIn(user)).toEqual(throttled(30));
  });
});
