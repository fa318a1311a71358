import { describe, expect, it } from "vitest";
import { outbox } from "@/db/schema.ts";
import { deactivateUser } from "@/lib/auth/account/deactivate-user.ts";
import { authenticate } from "@/lib/auth/sessions/authenticate.ts";
import { secondsAfter } from "@/lib/base/clock.ts";
import { inLockOrder } from "@/lib/testing/lock-order.ts";
import { codesTo, mailsTo } from "@/lib/testing/mailbox.ts";
import { eventsOf, sessionsOf, userRow, writeUser } from "@/lib/testing/records.ts";
import {
  breakInserts,
  challengeOf,
  challengesOf,
  createTwoStepWorld,
  entered,
  PHONE,
} from "@/lib/testing/two-step.ts";
import { refused, times } from "@/lib/testing/wire.ts";

const noAccount = { kind: "failure", code: "no_active_account" };
const world = createTwoStepWorld();

describe("a right password where the account asks for a code", () => {
  it("is answered with a challenge and exactly what a client needs to go on", async () => {
    const user = await world.person({ email: "grace.hopper@example.com" });
    expect(await world.logIn(user)).toEqual({
      kind: "two-factor-required",
      purpose: "log-in",
      challenge: {
        challenge: expect.stringMatching(/^[\w-]{43}$/),
        methods: ["email"],
        expires_in: 600,
        resend_in: 60,
        sent_to: "g•••@example.com",
      },
    });
  });

  it.each([
    ["a@example.com", "a•••@example.com"],
    ["ab@example.com", "a•••@example.com"],
    ["o'neil+tag@mail.example.co.uk", "o•••@mail.example.co.uk"],
  ])("shows of %s no more than %s", async (email, masked) => {
    const outcome = await world.logIn(await world.person({ email }));
    expect(outcome).toMatchObject({ challenge: { sent_to: masked } });
    expect(JSON.stringify(outcome)).not.toContain(email);
  });

  it("makes a challenge and no session, and has logged nobody in yet", async () => {
    const user = await world.person();
    const challenge = challengeOf(await world.logIn(user));
    const now = world.clock.now();
    expect(await sessionsOf(world.db, user.id)).toEqual([]);
    expect(await userRow(world.db, user.id)).toMatchObject({ lastLoginAt: null });
    expect(await eventsOf(world.db, user.id)).toEqual([]);
    expect(await challengesOf(world.db, user.id)).toEqual([
      expect.objectContaining({
        purpose: "log-in",
        sessionId: null,
        triesLeft: 5,
        sendsLeft: 4,
        sentAt: now,
        expiresAt: secondsAfter(now, 600),
        consumedAt: null,
      }),
    ]);
    expect(await authenticate(world.call({ now }), challenge)).toEqual(refused.bearer("Token is invalid"));
  });

  it("leaves older challenges as they are: each has its own code", async () => {
    const user = await world.person();
    const started = [];
    for (const device of [undefined, PHONE, undefined]) {
      started.push(await world.start(user, device && { device }));
    }
    expect(new Set(started.map(({ challenge }) => challenge)).size).toBe(3);
    for (const { challenge, code } of started) entered(await world.answer(challenge, code));
  });

  it("gives as many different challenges as there are log-ins at one moment", async () => {
    const user = await world.person();
    const outcomes = await times(10, () => world.logIn(user));
    expect(new Set(outcomes.map(challengeOf)).size).toBe(10);
    expect(await mailsTo(world.app, user.email)).toHaveLength(10);
    expect(await sessionsOf(world.db, user.id)).toEqual([]);
  });

  it("asks nothing more of a person who has turned codes off since an earlier log-in began", async () => {
    const user = await world.person();
    await world.start(user);
    await writeUser(world.db, user.id, { twoFactorEmail: false });
    expect(entered(await world.logIn(user)).session.amr).toEqual(["pwd"]);
  });
});

describe("no code", () => {
  it("for a wrong password, an inactive, an unproven or an invited person", async () => {
    const people = [
      await world.person({ passwordHash: "$argon2id$v=19$m=19456,t=2,p=1$another" }),
      await world.person({ isActive: false }),
      await world.person({ emailVerifiedAt: null }),
      await world.person({ passwordHash: null }),
    ];
    for (const user of people) {
      expect(await world.logIn(user)).toEqual(noAccount);
      expect(await challengesOf(world.db, user.id)).toEqual([]);
      expect(await mailsTo(world.app, user.email)).toEqual([]);
    }
    expect(await world.logIn({ email: "nobody@example.com" })).toEqual(noAccount);
    expect(await mailsTo(world.app, "nobody@example.com")).toEqual([]);
  });

  it("for a person whom a deactivation at the same moment came before", async () => {
    const user = await world.person();
    const acts: (() => Promise<unknown>)[] = [
      () => deactivateUser(world.call(), { userId: user.id }),
      () => world.logIn(user),
    ];
    const [, outcome] = await inLockOrder(world.db, { table: "users", id: user.id }, acts);
    expect(outcome).toEqual(noAccount);
    expect(await challengesOf(world.db, user.id)).toEqual([]);
    expect(await mailsTo(world.app, user.email)).toEqual([]);
  });
});

describe("the mail with the code", () => {
  it("holds one code, alone on its line, in text and HTML, and never in the subject", async () => {
    const user = await world.person();
    challengeOf(await world.logIn(user));
    const mails = await mailsTo(world.app, user.email);
    const [code, ...more] = await codesTo(world.app, user.email);
    expect(mails).toHaveLength(1);
    expect(more).toEqual([]);
    expect(code).toMatch(/^\d{6}$/);
    expect(mails[0]?.html).toContain(code);
    expect(mails[0]?.subject).not.toMatch(/\d/);
  });

  it("alone tells the code: it is not in the answer, the events or the table of mail", async () => {
    const user = await world.person();
    const outcome = await world.logIn(user);
    const [code = ""] = await codesTo(world.app, user.email);
    const rows = (await world.db.select().from(outbox)).filter(({ recipient }) => recipient === user.email);
    expect(rows).toHaveLength(1);
    expect(rows[0]?.sealed?.includes(code)).toBe(false);
    const told = JSON.stringify([outcome, await eventsOf(world.db, user.id)]);
    expect(told.replace(challengeOf(outcome), "")).not.toContain(code);
  });

  it("is written together with the challenge or not at all", async () => {
    const user = await world.person();
    for (const table of ["outbox", "challenges"] as const) {
      const mend = await breakInserts(world.db, table);
      await expect(world.logIn(user)).rejects.toThrow();
      await mend();
      expect(await challengesOf(world.db, user.id)).toEqual([]);
      expect(await mailsTo(world.app, user.email)).toEqual([]);
    }
    const { challenge, code } = await world.start(user);
    entered(await world.answer(challenge, code));
  });

  it("is there to be found when whoever sends mail is woken", async () => {
    const user = await world.person();
    const found: Promise<string[]>[] = [];
    const stop = world.app.mail.onWake(() => found.push(codesTo(world.app, user.email)));
    await world.logIn(user);
    stop();
    expect(await Promise.all(found)).toEqual([[expect.stringMatching(/^\d{6}$/)]]);
  });
});
