import { describe, expect, it } from "vitest";
import { deactivateUser } from "@/lib/auth/account/deactivate-user.ts";
import { resendCode } from "@/lib/auth/factors/resend-code.ts";
import { startStepUp, stepUpWithPassword } from "@/lib/auth/log-in/step-up.ts";
import { randomToken } from "@/lib/base/crypto.ts";
import { askChange, freshAddress, proveChange, startChange } from "@/lib/testing/email-change.ts";
import { codesTo, lastCodeTo, mailsTo, subjectsTo } from "@/lib/testing/mailbox.ts";
import { userRow } from "@/lib/testing/records.ts";
import {
  breakInserts,
  challengesOf,
  codeRefused,
  createTwoStepWorld,
  notThe,
  PHONE,
  THIEF,
} from "@/lib/testing/two-step.ts";
import { type Holder, openSession, times } from "@/lib/testing/wire.ts";
import { LAPTOP } from "@/lib/testing/world.ts";

const RECENT = 600;
const recentLogInRequired = { kind: "failure", code: "recent_login_required" };
const wrongPassword = {
  kind: "invalid-fields",
  fields: { password: ["That password is not right."] },
};
const started = {
  kind: "sent",
  challenge: {
    challenge: expect.stringMatching(/^[\w-]{43}$/),
    methods: ["email"],
    expires_in: 600,
    resend_in: 60,
    sent_to: "n•••@example.net",
  },
};

const world = createTwoStepWorld();

async function someone(): Promise<Holder> {
  return openSession(world.app, await world.person());
}

/** Nothing waits for a proof, and nobody was written to. */
async function expectNothingStarted({ user }: Holder, email: string) {
  expect(await challengesOf(world.db, user.id)).toEqual([]);
  expect(await mailsTo(world.app, user.email)).toEqual([]);
  expect(await mailsTo(world.app, email)).toEqual([]);
  expect((await userRow(world.db, user.id)).email).toBe(user.email);
}

describe("1. the log-in is too long ago", () => {
  it("asks to confirm even with the right password, and starts nothing", async () => {
    const [holder, email] = [await someone(), freshAddress()];
    world.clock.advance(RECENT);
    expect(await askChange(world, holder, email)).toEqual(recentLogInRequired);
    await expectNothingStarted(holder, email);
  });

  it("spends no guess on a password that it does not look at", async () => {
    const { app } = await world.process({ RATE_LIMITS: "on" });
    const holder = await someone();
    world.clock.advance(RECENT);
    await times(15, () => askChange(world, holder, freshAddress(), { app, password: "guess" }));
    expect(await stepUpWithPassword(world.call({ app, principal: holder }), "guess")).toEqual(wrongPassword);
  });
});

describe("2. no address, or the same", () => {
  it.each([
    "",
    " ",
    "ada",
    "ada@",
    "@example.com",
    "ada@localhost",
    "ada＠example.com",
    "ada@example．com",
    "a@b@example.com",
    "ada@example.com\r\nBcc: eve@example.com",
    `${"a".repeat(65)}@example.com`,
    `ada@${"a.".repeat(126)}com`,
  ])("refuses %j", async (email) => {
    const holder = await someone();
    expect(await askChange(world, holder, email)).toEqual({
      kind: "invalid-fields",
      fields: { email: ["Enter a valid email address."] },
    });
    expect(await challengesOf(world.db, holder.user.id)).toEqual([]);
  });

  it.each([
    (email: string) => email,
    (email: string) => email.toUpperCase(),
    (email: string) => ` ${email}\n`,
  ])("refuses the address that they have, spelled anyhow", async (spell) => {
    const holder = await someone();
    expect(await askChange(world, holder, spell(holder.user.email))).toEqual({
      kind: "invalid-fields",
      fields: { email: ["This is your address already."] },
    });
    expect(await mailsTo(world.app, holder.user.email)).toEqual([]);
  });
});

describe("3. the password", () => {
  it("a thief with an open device but no password starts nothing", async () => {
    const [holder, email] = [await someone(), freshAddress()];
    for (const password of ["", "guess", "correct horse batter", "x".repeat(60_000)]) {
      expect(await askChange(world, holder, email, { device: THIEF, password })).toEqual(wrongPassword);
    }
    await expectNothingStarted(holder, email);
  });

  it("a person without a password can't be robbed by any", async () => {
    const holder = await openSession(world.app, await world.person({ passwordHash: null }));
    expect(await askChange(world, holder, freshAddress(), { password: "" })).toEqual(wrongPassword);
    expect(await askChange(world, holder, freshAddress())).toEqual(wrongPassword);
  });

  it("guesses here and at a step-up draw on one budget, and then the right one has to wait too", async () => {
    const { app } = await world.process({ RATE_LIMITS: "on" });
    const holder = await someone();
    for (let guess = 0; guess < 5; guess += 1) {
      await askChange(world, holder, freshAddress(), { app, password: `guess ${guess}` });
      await stepUpWithPassword(world.call({ app, principal: holder }), `guess ${guess}`);
    }
    expect(await askChange(world, holder, freshAddress(), { app })).toMatchObject({ code: "throttled" });
    expect(await challengesOf(world.db, holder.user.id)).toEqual([]);
  });

  it("is busy when hashing is, and the try doesn't count", async () => {
    const holder = await someone();
    const passwords = { ...world.app.passwords, verify: async () => ({ kind: "busy" }) as const };
    const app = { ...(await world.process({ RATE_LIMITS: "on" })).app, passwords };
    for (let time = 0; time < 12; time += 1) {
      expect(await askChange(world, holder, freshAddress(), { app })).toEqual({
        kind: "failure",
        code: "unavailable",
      });
    }
  });
});

describe("4. too many mails", () => {
  it("one network can have twenty mails an hour sent to strangers, whoever asks", async () => {
    const { app } = await world.process({ RATE_LIMITS: "on" });
    const device = { ...LAPTOP, ip: "198.51.100.77" };
    const holders = [await someone(), await someone(), await someone()];
    const outcomes = [];
    for (let mail = 0; mail < 21; mail += 1) {
      outcomes.push(await askChange(world, holders[mail % 3] as Holder, freshAddress(), { app, device }));
    }
    expect(outcomes.map(({ kind }) => kind)).toEqual([...Array(20).fill("sent"), "failure"]);
    expect(outcomes.at(-1)).toMatchObject({ code: "throttled" });
  });

  it("one address gets five an hour, whoever asks from wherever", async () => {
    const { app } = await world.process({ RATE_LIMITS: "on" });
    const email = freshAddress();
    for (let mail = 0; mail < 6; mail += 1) {
      const device = { ...LAPTOP, ip: `198.51.100.${mail}` };
      const outcome = await askChange(world, await someone(), email, { app, device });
      if (mail < 5) expect(outcome).toEqual(started);
      else expect(outcome).toMatchObject({ code: "throttled" });
    }
    expect(await mailsTo(world.app, email)).toHaveLength(5);
  });

  it("sends none while ten wrong codes keep code entry closed", async () => {
    const [holder, email] = [await someone(), freshAddress()];
    for (let round = 0; round < 2; round += 1) {
      const { challenge, code } = await startChange(world, holder, email);
      for (let step = 1; step <= 5; step += 1) {
        await proveChange(world, holder, { challenge, code: notThe(code, step) });
      }
    }
    expect(await askChange(world, holder, email)).toMatchObject({ code: "throttled" });
    expect(await codesTo(world.app, email)).toHaveLength(2);
  });
});

describe("5. the address has an account", () => {
  it("answers alike; its owner gets a mail without a code, and the asker none", async () => {
    const [holder, owner] = [await someone(), await world.person({ email: freshAddress() })];
    expect(await askChange(world, holder, owner.email.toUpperCase())).toEqual({
      ...started,
      challenge: { ...started.challenge, sent_to: "N•••@example.net" },
    });
    expect(await subjectsTo(world.app, owner.email)).toEqual(["You already have an account"]);
    expect(await codesTo(world.app, owner.email)).toEqual([]);
    expect(await mailsTo(world.app, holder.user.email)).toEqual([]);
  });

  it("leaves the same behind in the database as for a free address", async () => {
    const [holder, owner] = [await someone(), await world.person()];
    await askChange(world, holder, owner.email);
    await askChange(world, holder, freshAddress());
    const [taken, free] = (await challengesOf(world.db, holder.user.id)).map(
      ({ id, tokenHash, email, codeHash, sentAt, createdAt, expiresAt, ...same }) => ({
        ...same,
        coded: codeHash?.length,
      }),
    );
    expect(taken).toEqual(free);
  });

  it("a resend answers alike too, and still mails no code", async () => {
    const [holder, owner] = [await someone(), await world.person()];
    const sent = await askChange(world, holder, owner.email);
    if (sent.kind !== "sent") throw new Error(JSON.stringify(sent));
    world.clock.advance(60);
    expect(await resend(holder, sent.challenge.challenge)).toEqual({
      kind: "sent",
      expires_in: 600,
      resend_in: 60,
    });
    expect(await subjectsTo(world.app, owner.email)).toEqual(Array(2).fill("You already have an account"));
  });
});

describe("7. a code goes to the new address", () => {
  it("answers where, and changes nothing yet", async () => {
    const [holder, email] = [await someone(), freshAddress()];
    expect(await askChange(world, holder, `  ${email} `)).toEqual(started);
    expect(await lastCodeTo(world.app, email)).toMatch(/^\d{6}$/);
    expect(await mailsTo(world.app, holder.user.email)).toEqual([]);
    const { lastLoginAt } = await userRow(world.db, holder.user.id);
    expect(await userRow(world.db, holder.user.id)).toEqual({ ...holder.user, lastLoginAt });
    expect(await challengesOf(world.db, holder.user.id)).toEqual([
      expect.objectContaining({ purpose: "email-change", sessionId: holder.session.id, email }),
    ]);
  });

  it("keeps a domain as it will be written to", async () => {
    const holder = await someone();
    await askChange(world, holder, "ada@BÜCHER.example");
    expect(await challengesOf(world.db, holder.user.id)).toEqual([
      expect.objectContaining({ email: "ada@xn--bcher-kva.example" }),
    ]);
  });

  it("can be sent again to the session that asked, after a minute, and to no other", async () => {
    const [holder, email] = [await someone(), freshAddress()];
    const other = await openSession(world.app, holder.user, PHONE);
    const first = await startChange(world, holder, email);
    expect(await resend(holder, first.challenge)).toEqual(codeRefused.throttled(60));
    world.clock.advance(60);
    expect(await resend(other, first.challenge)).toEqual(codeRefused.challenge);
    expect(await resend(await someone(), first.challenge)).toEqual(codeRefused.challenge);
    expect(await resend(holder, first.challenge)).toMatchObject({ kind: "sent" });
    expect(await codesTo(world.app, email)).toHaveLength(2);
    if ((await lastCodeTo(world.app, email)) !== first.code) {
      expect(await proveChange(world, holder, first)).toEqual(codeRefused.wrong(4));
    }
  });

  it("is not sent again for a challenge of another kind", async () => {
    const holder = await someone();
    const sent = await startStepUp(world.call({ principal: holder }));
    if (sent.kind !== "asked") throw new Error(JSON.stringify(sent));
    world.clock.advance(60);
    for (const secret of [sent.challenge.challenge, randomToken(32), ""]) {
      expect(await resend(holder, secret)).toEqual(codeRefused.challenge);
    }
  });

  it("is not sent for a person made inactive since they were authenticated", async () => {
    const [holder, email] = [await someone(), freshAddress()];
    await deactivateUser(world.call(), { userId: holder.user.id });
    expect(await askChange(world, holder, email)).toMatchObject({
      code: "token_not_valid",
      extra: { reason: "account_deactivated" },
    });
    await expectNothingStarted(holder, email);
  });

  it("leaves nothing behind where the mail can't be written", async () => {
    const [holder, email] = [await someone(), freshAddress()];
    const mend = await breakInserts(world.db, "outbox");
    await expect(askChange(world, holder, email)).rejects.toThrow();
    await mend();
    await expectNothingStarted(holder, email);
  });
});

function resend({ session }: Holder, secret: string) {
  const asked = { secret, purpose: "email-change", sessionId: session.id } as const;
  return resendCode(world.call(), asked);
}
