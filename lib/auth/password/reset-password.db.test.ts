import { beforeAll, describe, expect, it } from "vitest";
import type { User } from "@/db/queries/users.ts";
import type { App } from "@/lib/app/app.ts";
import { deactivateUser } from "@/lib/auth/account/deactivate-user.ts";
import { openChallenge } from "@/lib/auth/challenges/open-challenge.ts";
import { authenticate } from "@/lib/auth/sessions/authenticate.ts";
import { inLockOrder } from "@/lib/testing/lock-order.ts";
import { mailsTo, subjectsTo } from "@/lib/testing/mailbox.ts";
import { endingsOf, eventsOf, sessionsOf, userRow } from "@/lib/testing/records.ts";
import {
  breakInserts,
  challengesOf,
  codeRefused,
  createTwoStepWorld,
  entered,
  PHONE,
  THIEF,
  trustedDevicesOf,
} from "@/lib/testing/two-step.ts";
import { openSession, refused, times } from "@/lib/testing/wire.ts";
import { LAPTOP, PASSWORD } from "@/lib/testing/world.ts";
import { resetPassword } from "./reset-password.ts";

const HALF_AN_HOUR = 30 * 60;
const NEXT = "a better pass phrase";
const SUBJECT = "Your password was changed";
const notValid = {
  kind: "invalid-fields",
  fields: { token: ["This link was used, replaced by a newer one, or has expired."] },
};
const noAccount = { kind: "failure", code: "no_active_account" };

const world = createTwoStepWorld();
let there: App;
beforeAll(async () => {
  there = (await world.process()).app;
});

const reset = (token: string, password = NEXT, app = world.app) =>
  resetPassword(world.call({ app }), { token, password });

const linkFor = (user: User) =>
  openChallenge(
    world.db,
    { purpose: "password-reset", userId: user.id, lifetimeSeconds: HALF_AN_HOUR },
    world.clock.now(),
  );

async function forgetful(columns: Partial<User> = {}) {
  const user = await world.person(columns);
  return { user, token: await linkFor(user) };
}

describe("1. the link is unknown, used, superseded or expired, or was made for something else", () => {
  it.each(["", "x", "a".repeat(43), "x".repeat(60_000)])("refuses %j", async (token) => {
    expect(await reset(token)).toEqual(notValid);
  });

  it("works a second before its half hour is over, and not when it is", async () => {
    const [early, late] = [await forgetful(), await forgetful()];
    world.clock.advance(HALF_AN_HOUR - 1);
    expect(await reset(early.token)).toEqual({ kind: "reset" });
    world.clock.advance(1);
    expect(await reset(late.token)).toEqual(notValid);
    expect(await userRow(world.db, late.user.id)).toEqual(late.user);
  });

  it("refuses a second use, and the password stays that of the first", async () => {
    const { user, token } = await forgetful();
    expect(await reset(token)).toEqual({ kind: "reset" });
    expect(await reset(token, "the thief's pass phrase")).toEqual(notValid);
    expect(await world.logIn(user, { password: NEXT })).toMatchObject({ kind: "two-factor-required" });
  });

  it("refuses an older link of the person once another was used", async () => {
    const { user, token } = await forgetful();
    expect(await reset(await linkFor(user))).toEqual({ kind: "reset" });
    expect(await reset(token, "the thief's pass phrase")).toEqual(notValid);
  });

  it("refuses the challenge of a log-in and the link of another purpose, and spends neither", async () => {
    const user = await world.person();
    const { challenge, code } = await world.start(user);
    const notMe = { purpose: "not-me", userId: user.id, lifetimeSeconds: HALF_AN_HOUR } as const;
    for (const token of [challenge, await openChallenge(world.db, notMe, world.clock.now())]) {
      expect(await reset(token)).toEqual(notValid);
    }
    expect(await userRow(world.db, user.id)).toMatchObject({ passwordHash: user.passwordHash });
    entered(await world.answer(challenge, code));
  });

  it("refuses for an inactive person, whose password stays", async () => {
    const { user, token } = await forgetful();
    await deactivateUser(world.call(), { userId: user.id });
    expect(await reset(token)).toEqual(notValid);
    expect(await userRow(world.db, user.id)).toMatchObject({ passwordHash: user.passwordHash });
  });
});

describe("2. a password that the rules refuse", () => {
  it.each([
    ["short", "short12", "This password is too short. It must contain at least 8 characters."],
    ["endless", "x".repeat(129), "This password is too long. It must contain at most 128 characters."],
    ["common", "password1", "This password is too common."],
    [
      "their own address",
      "grace.hopper@example.com",
      "This password is too similar to your address or name.",
    ],
  ])("says why the %s one is refused; the link stays good, nothing ends", async (_, password, sentence) => {
    const email = password.includes("@") ? { email: password } : {};
    const { user, token } = await forgetful(email);
    const { session } = await openSession(world.app, user);
    expect(await reset(token, password)).toEqual({
      kind: "invalid-fields",
      fields: { password: [sentence] },
    });
    expect(await sessionsOf(world.db, user.id)).toEqual([session]);
    expect(await mailsTo(world.app, user.email)).toEqual([]);
    expect(await reset(token)).toEqual({ kind: "reset" });
  });
});

describe("3. hashing is busy", () => {
  it("says so, and the link stays good", async () => {
    const { user, token } = await forgetful();
    const passwords = { ...world.app.passwords, hash: async () => ({ kind: "busy" }) as const };
    expect(await reset(token, NEXT, { ...world.app, passwords })).toEqual({
      kind: "failure",
      code: "unavailable",
    });
    expect(await userRow(world.db, user.id)).toMatchObject({ passwordHash: user.passwordHash });
    expect(await reset(token)).toEqual({ kind: "reset" });
  });
});

describe("4. a new password", () => {
  it("opens the account in the old one's place, which is dead", async () => {
    const { user, token } = await forgetful({ twoFactorEmail: false });
    expect(await reset(token)).toEqual({ kind: "reset" });
    expect(await world.logIn(user, { password: PASSWORD })).toEqual(noAccount);
    entered(await world.logIn(user, { password: NEXT }));
    expect((await userRow(world.db, user.id)).passwordHash).not.toContain(NEXT);
  });

  it("logs nobody in, and two-step log-in is asked as before", async () => {
    const { user, token } = await forgetful();
    await reset(token);
    expect(await sessionsOf(world.db, user.id)).toEqual([]);
    const { challenge, code } = await world.start(user, { password: NEXT });
    expect(entered(await world.answer(challenge, code)).session.amr).toEqual(["pwd", "email"]);
  });

  it("ends every session, challenge and trusted device of the person, and nobody else's", async () => {
    const { user, token } = await forgetful();
    const first = await world.start(user);
    const inside = entered(await world.answer(first.challenge, first.code, { trustDevice: true }));
    const thief = await openSession(world.app, user, THIEF);
    const pending = await world.start(user);
    const other = await openSession(world.app, await world.person());
    expect(await reset(token)).toEqual({ kind: "reset" });
    for (const { tokens } of [inside, thief]) {
      expect(await authenticate(world.call(), tokens.access)).toEqual(
        refused.bearer("Token is blacklisted", "password_changed"),
      );
    }
    expect(await world.answer(pending.challenge, pending.code)).toEqual(codeRefused.challenge);
    expect(await trustedDevicesOf(world.db, user.id)).toEqual([]);
    const open = (await challengesOf(world.db, user.id)).filter(({ consumedAt }) => consumedAt === null);
    expect(open).toEqual([]);
    expect(await endingsOf(world.db, user.id)).toHaveLength(2);
    expect(await sessionsOf(world.db, other.user.id)).toEqual([other.session]);
  });

  it("leaves the way back to whoever owned the account before its address was changed", async () => {
    const { user, token } = await forgetful();
    const undo = { purpose: "undo-email-change", userId: user.id, lifetimeSeconds: HALF_AN_HOUR } as const;
    await openChallenge(world.db, undo, world.clock.now());
    expect(await reset(token)).toEqual({ kind: "reset" });
    const open = (await challengesOf(world.db, user.id)).filter(({ consumedAt }) => consumedAt === null);
    expect(open.map(({ purpose }) => purpose)).toEqual(["undo-email-change"]);
  });

  it("is told to the person by one mail, without the password, and recorded", async () => {
    const { user, token } = await forgetful();
    await reset(token);
    const [mail, ...more] = await mailsTo(world.app, user.email);
    expect(more).toEqual([]);
    expect(mail?.subject).toBe(SUBJECT);
    expect(JSON.stringify(mail)).not.toContain(NEXT);
    expect((await eventsOf(world.db, user.id)).map(({ type }) => type)).toEqual(["password.reset"]);
  });

  it("is one for two at one moment by one link: the winner's, at either process", async () => {
    for (let round = 0; round < 6; round += 1) {
      const { user, token } = await forgetful({ twoFactorEmail: false });
      const wishes = ["the first pass phrase", "the second pass phrase"];
      const outcomes = await times(2, (index) => reset(token, wishes[index], index ? there : world.app));
      expect(outcomes).toContainEqual({ kind: "reset" });
      expect(outcomes).toContainEqual(notValid);
      const winner = outcomes.findIndex(({ kind }) => kind === "reset");
      entered(await world.logIn(user, { password: wishes[winner] ?? "" }));
      expect(await world.logIn(user, { password: wishes[1 - winner] ?? "" })).toEqual(noAccount);
      expect(await subjectsTo(world.app, user.email)).toEqual([SUBJECT]);
    }
  });

  it("is one for two at one moment by two links, too", async () => {
    const { user, token } = await forgetful();
    const tokens = [token, await linkFor(user)];
    const outcomes = await times(2, (index) => reset(tokens[index] ?? "", `${NEXT} ${index}`));
    expect(outcomes.filter(({ kind }) => kind === "reset")).toHaveLength(1);
    expect(await subjectsTo(world.app, user.email)).toEqual([SUBJECT]);
  });

  it.each([
    0, 1,
  ])("leaves no session to a log-in with the old password at the same moment, %i", async (first) => {
    const { user, token } = await forgetful({ twoFactorEmail: false });
    const acts: (() => Promise<unknown>)[] = [() => world.logIn(user, { device: THIEF }), () => reset(token)];
    if (first === 1) acts.reverse();
    const outcomes = await inLockOrder(world.db, { table: "users", id: user.id }, acts);
    expect(outcomes[1 - first]).toEqual({ kind: "reset" });
    if (first === 1) expect(outcomes[1]).toEqual(noAccount);
    const live = (await sessionsOf(world.db, user.id)).filter(({ revokedAt }) => revokedAt === null);
    expect(live).toEqual([]);
  });

  it.each([
    0, 1,
  ])("leaves no challenge to a log-in with the old password at the same moment, %i", async (first) => {
    const { user, token } = await forgetful();
    const acts: (() => Promise<unknown>)[] = [() => world.logIn(user, { device: THIEF }), () => reset(token)];
    if (first === 1) acts.reverse();
    await inLockOrder(world.db, { table: "users", id: user.id }, acts);
    const open = (await challengesOf(world.db, user.id)).filter(({ consumedAt }) => consumedAt === null);
    expect(open).toEqual([]);
  });

  it("a server error changes nothing: the link stays good and the old password too", async () => {
    const { user, token } = await forgetful({ twoFactorEmail: false });
    const { session } = await openSession(world.app, user);
    const mend = await breakInserts(world.db, "outbox");
    await expect(reset(token)).rejects.toThrow();
    await mend();
    expect(await sessionsOf(world.db, user.id)).toEqual([session]);
    entered(await world.logIn(user));
    expect(await reset(token)).toEqual({ kind: "reset" });
  });
});

describe("4. a kind of device that was first seen within a week", () => {
  const newsTo = async ({ email }: User) =>
    (await subjectsTo(world.app, email)).filter((subject) => subject === "New log-in to your account").length;

  it("is new again, one seen earlier stays known, and the very first is never news", async () => {
    const user = await world.person();
    await openSession(world.app, user);
    world.clock.advance(1);
    await openSession(world.app, user, PHONE);
    world.clock.advance(7 * 24 * 60 * 60 + 1);
    await openSession(world.app, user, THIEF);
    expect(await newsTo(user)).toBe(2);
    await reset(await linkFor(user));
    for (const device of [LAPTOP, PHONE]) await openSession(world.app, user, device);
    expect(await newsTo(user)).toBe(2);
    await openSession(world.app, user, THIEF);
    expect(await newsTo(user)).toBe(3);
  });

  it("a thief's log-in is told even where the account is a day old", async () => {
    const user = await world.person();
    await openSession(world.app, user);
    world.clock.advance(1);
    await openSession(world.app, user, THIEF);
    await reset(await linkFor(user));
    await openSession(world.app, user, THIEF);
    expect(await newsTo(user)).toBe(2);
  });
});
