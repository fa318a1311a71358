import { beforeAll, describe, expect, it } from "vitest";
import type { App } from "@/lib/app/app.ts";
import { deactivateUser } from "@/lib/auth/account/deactivate-user.ts";
import { openChallenge } from "@/lib/auth/challenges/open-challenge.ts";
import { startStepUp } from "@/lib/auth/log-in/step-up.ts";
import { resetPassword } from "@/lib/auth/password/reset-password.ts";
import { refreshSession } from "@/lib/auth/rotation/refresh-session.ts";
import { authenticate } from "@/lib/auth/sessions/authenticate.ts";
import { logOutEverywhere } from "@/lib/auth/sessions/log-out.ts";
import { lastTokenTo, mailsTo } from "@/lib/testing/mailbox.ts";
import { endingsOf, eventsOf, sessionRow, sessionsOf, userRow, writeUser } from "@/lib/testing/records.ts";
import {
  challengesOf,
  codeRefused,
  createTwoStepWorld,
  entered,
  PHONE,
  THIEF,
  trustedDevicesOf,
} from "@/lib/testing/two-step.ts";
import { openSession, refused, times } from "@/lib/testing/wire.ts";
import { disownLogIn } from "./disown-log-in.ts";

const DAY = 24 * 60 * 60;
const NEW_PASSWORD = "a better pass phrase";
const notValid = {
  kind: "invalid-fields",
  fields: { token: ["This link was used or has expired. Ask for a new password instead."] },
};

const world = createTwoStepWorld();
let there: App;
beforeAll(async () => {
  there = (await world.process()).app;
});

const disown = (secret: string, app = world.app) => disownLogIn(world.call({ app, device: PHONE }), secret);

/** A person with a trusted laptop whom a thief has got in as, and the link in the mail that tells them. */
async function robbed() {
  const user = await world.person();
  const mine = await world.start(user);
  const own = entered(await world.answer(mine.challenge, mine.code, { trustDevice: true }));
  const theirs = await world.start(user, { device: THIEF });
  const thief = entered(
    await world.answer(theirs.challenge, theirs.code, { device: THIEF, trustDevice: true }),
  );
  const secret = await lastTokenTo(world.app, user.email, "/not-me");
  return { user, own, thief, secret };
}

async function stateOf(userId: string) {
  return [
    await sessionsOf(world.db, userId),
    await challengesOf(world.db, userId),
    await trustedDevicesOf(world.db, userId),
    await userRow(world.db, userId),
  ];
}

describe("1. the link is unknown, used or expired, or was made for something else", () => {
  it.each(["", "x", "a".repeat(43), "x".repeat(60_000)])("refuses %j", async (secret) => {
    expect(await disown(secret)).toEqual(notValid);
  });

  it("ends nothing where the mail is only read", async () => {
    const { user } = await robbed();
    const before = await stateOf(user.id);
    const mails = await mailsTo(world.app, user.email);
    expect(mails.filter(({ html }) => html.includes("/not-me?token="))).toHaveLength(1);
    expect(await stateOf(user.id)).toEqual(before);
  });

  it("works a second before its seven days are over, and not when they are", async () => {
    const [early, late] = [await robbed(), await robbed()];
    world.clock.advance(7 * DAY - 30);
    expect(await disown(early.secret)).toMatchObject({ kind: "disowned" });
    world.clock.advance(30);
    expect(await disown(late.secret)).toEqual(notValid);
    expect(await trustedDevicesOf(world.db, late.user.id)).toHaveLength(2);
  });

  it("refuses a second use, and ends nothing that was begun since the first", async () => {
    const { user, secret } = await robbed();
    await disown(secret);
    const { session } = await openSession(world.app, user);
    expect(await disown(secret)).toEqual(notValid);
    expect(await sessionRow(world.db, session.id)).toEqual(session);
  });

  it("refuses other secrets of the same person, and spends none of them", async () => {
    const { user, own } = await robbed();
    const { challenge, code } = await world.start(user, { device: PHONE });
    for (const secret of [challenge, own.deviceToken ?? "", own.tokens.refresh, own.tokens.access]) {
      expect(await disown(secret)).toEqual(notValid);
    }
    entered(await world.answer(challenge, code, { device: PHONE }));
  });

  it("refuses for an inactive person", async () => {
    const { user, secret } = await robbed();
    await deactivateUser(world.call(), { userId: user.id });
    expect(await disown(secret)).toEqual(notValid);
  });
});

describe("2. it wasn't me", () => {
  it("works although the thief logged out everywhere to make the link worthless", async () => {
    const { thief, secret, user } = await robbed();
    await logOutEverywhere(world.call({ principal: thief, device: THIEF }));
    expect(
      (await challengesOf(world.db, user.id)).filter(({ consumedAt }) => consumedAt === null),
    ).toHaveLength(1);
    expect((await disown(secret)).kind).toBe("disowned");
  });

  it("ends every session, pending challenge and trusted device, the caller's own too", async () => {
    const { user, own, thief, secret } = await robbed();
    const pending = await world.start(user, { device: PHONE });
    await startStepUp(world.call({ principal: { user, session: thief.session }, device: THIEF }));
    const now = world.clock.now();
    expect(await disown(secret)).toEqual({
      kind: "disowned",
      email: user.email,
      resetToken: expect.stringMatching(/^[\w-]{43}$/),
    });
    for (const { tokens } of [own, thief]) {
      expect(await authenticate(world.call({ now }), tokens.access)).toEqual(
        refused.bearer("Token is blacklisted", "revoked_by_owner"),
      );
      const input = { token: tokens.refresh, delivery: "json", retryKey: null, device: THIEF } as const;
      expect(await refreshSession(world.call({ now }), input)).toEqual(
        refused.blacklisted("revoked_by_owner"),
      );
    }
    expect(await world.answer(pending.challenge, pending.code)).toEqual(codeRefused.challenge);
    for (const { deviceToken } of [own, thief]) {
      expect(await world.logIn(user, { deviceToken: deviceToken ?? "" })).toMatchObject({
        kind: "two-factor-required",
      });
    }
    expect(await trustedDevicesOf(world.db, user.id)).toEqual([]);
    const open = (await challengesOf(world.db, user.id)).filter(({ consumedAt }) => consumedAt === null);
    expect(open.map(({ purpose }) => purpose).sort()).toEqual(["log-in", "log-in", "password-reset"]);
  });

  it("records the ends and who said so", async () => {
    const { user, own, thief, secret } = await robbed();
    await disown(secret);
    expect(await endingsOf(world.db, user.id)).toEqual(
      expect.arrayContaining(
        [own, thief].map(({ session }) => ({
          type: "session.revoked",
          sessionId: session.id,
          reason: "revoked_by_owner",
        })),
      ),
    );
    const disowned = (await eventsOf(world.db, user.id)).filter(({ type }) => type === "login.disowned");
    expect(disowned).toEqual([expect.objectContaining({ ip: PHONE.ip, userAgent: PHONE.userAgent })]);
  });

  it("touches nobody else", async () => {
    const [ada, eve] = [await robbed(), await robbed()];
    const before = await stateOf(eve.user.id);
    await disown(ada.secret);
    expect(await stateOf(eve.user.id)).toEqual(before);
  });

  it("leads to one new password, and the thief's is worth nothing", async () => {
    const { user, secret } = await robbed();
    const outcome = await disown(secret);
    const token = outcome.kind === "disowned" ? outcome.resetToken : "";
    const reset = () => resetPassword(world.call({ device: PHONE }), { token, password: NEW_PASSWORD });
    expect(await reset()).toEqual({ kind: "reset" });
    expect(await reset()).toMatchObject({ kind: "invalid-fields" });
    expect(await world.logIn(user, { device: THIEF })).toMatchObject({ code: "no_active_account" });
    expect(await world.logIn(user, { password: NEW_PASSWORD })).toMatchObject({
      kind: "two-factor-required",
    });
  });

  it("gives half an hour for the new password", async () => {
    const { secret } = await robbed();
    const outcome = await disown(secret);
    world.clock.advance(30 * 60);
    const token = outcome.kind === "disowned" ? outcome.resetToken : "";
    const input = { token, password: NEW_PASSWORD };
    expect(await resetPassword(world.call({ device: PHONE }), input)).toMatchObject({
      kind: "invalid-fields",
    });
  });

  it("is said by one of thirty uses at one moment, at two processes", async () => {
    const { user, secret } = await robbed();
    const outcomes = await times(30, (index) => disown(secret, index % 2 ? there : world.app));
    expect(outcomes.filter(({ kind }) => kind === "disowned")).toHaveLength(1);
    expect(outcomes.filter(({ kind }) => kind !== "disowned")).toEqual(Array(29).fill(notValid));
    expect((await eventsOf(world.db, user.id)).filter(({ type }) => type === "login.disowned")).toHaveLength(
      1,
    );
    const links = (await challengesOf(world.db, user.id)).filter(
      ({ purpose }) => purpose === "password-reset",
    );
    expect(links).toHaveLength(1);
  });

  it("ends a log-in that the thief completes at the same moment, or refuses it", async () => {
    for (let round = 0; round < 6; round += 1) {
      const { user, secret } = await robbed();
      const { challenge, code } = await world.start(user, { device: THIEF });
      const acts: (() => Promise<unknown>)[] = [
        () => disown(secret),
        () => world.answer(challenge, code, { app: there, device: THIEF, trustDevice: true }),
      ];
      if (round % 2) acts.reverse();
      await Promise.all(acts.map((act) => act()));
      const live = (await sessionsOf(world.db, user.id)).filter(({ revokedAt }) => revokedAt === null);
      expect(live).toEqual([]);
      expect(await trustedDevicesOf(world.db, user.id)).toEqual([]);
    }
  });
});

describe("2. a kind of device that was first seen since that log-in", () => {
  const newsTo = async (email: string) =>
    (await mailsTo(world.app, email)).filter(({ html }) => html.includes("/not-me?token=")).length;

  it("is new again: the thief's next log-in is told, and the person's own kinds of before are not", async () => {
    const { user, secret } = await robbed();
    const later = { ...THIEF, userAgent: "curl/8" };
    world.clock.advance(60);
    await openSession(world.app, user, later);
    expect(await newsTo(user.email)).toBe(2);
    await disown(secret);
    await openSession(world.app, user);
    expect(await newsTo(user.email)).toBe(2);
    for (const device of [THIEF, later]) await openSession(world.app, user, device);
    expect(await newsTo(user.email)).toBe(4);
  });

  it("stays known where nobody disowned anything, and so do those of others", async () => {
    const [ada, eve] = [await robbed(), await robbed()];
    await disown(ada.secret);
    await openSession(world.app, eve.user, THIEF);
    expect(await newsTo(eve.user.email)).toBe(1);
  });
});

describe("1. a link that was mailed to an address which is not the account's any more", () => {
  it("ends nothing, for whoever has that mailbox now, and works once the address is back", async () => {
    const { user, thief, secret } = await robbed();
    await writeUser(world.db, user.id, { email: `${user.id.slice(0, 8)}@example.net` });
    expect(await disown(secret)).toEqual(notValid);
    expect((await sessionRow(world.db, thief.session.id)).revokedAt).toBeNull();
    await writeUser(world.db, user.id, { email: user.email });
    expect(await disown(secret)).toMatchObject({ kind: "disowned" });
  });

  it("ends nothing where an earlier version made it and no address stands in it", async () => {
    const { user, thief } = await robbed();
    const link = { purpose: "not-me", userId: user.id, lifetimeSeconds: 7 * DAY } as const;
    expect(await disown(await openChallenge(world.db, link, world.clock.now()))).toEqual(notValid);
    expect((await sessionRow(world.db, thief.session.id)).revokedAt).toBeNull();
  });
});
