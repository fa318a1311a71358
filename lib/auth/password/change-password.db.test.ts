import { beforeAll, describe, expect, it } from "vitest";
import type { User } from "@/db/queries/users.ts";
import type { App } from "@/lib/app/app.ts";
import { openChallenge } from "@/lib/auth/challenges/open-challenge.ts";
import { disownLogIn } from "@/lib/auth/devices/disown-log-in.ts";
import { stepUpWithPassword } from "@/lib/auth/log-in/step-up.ts";
import { refreshSession } from "@/lib/auth/rotation/refresh-session.ts";
import { authenticate } from "@/lib/auth/sessions/authenticate.ts";
import { logOutEverywhere } from "@/lib/auth/sessions/log-out.ts";
import { createPasswordHasher } from "@/lib/passwords/hash.ts";
import { inLockOrder } from "@/lib/testing/lock-order.ts";
import { lastTokenTo, mailsTo } from "@/lib/testing/mailbox.ts";
import { endingsOf, eventsOf, sessionRow, sessionsOf, userRow } from "@/lib/testing/records.ts";
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
import { type Holder, openSession, refused, times } from "@/lib/testing/wire.ts";
import { LAPTOP, PASSWORD } from "@/lib/testing/world.ts";
import { changePassword } from "./change-password.ts";
import { resetPassword } from "./reset-password.ts";

const MINUTE = 60;
const NEXT = "a better pass phrase";
const changed = { kind: "changed" };
const notRight = { kind: "invalid-fields", fields: { current_password: ["That password is not right."] } };

const world = createTwoStepWorld();
let there: App;
let limited: App;
beforeAll(async () => {
  there = (await world.process()).app;
  limited = (await world.process({ RATE_LIMITS: "on" })).app;
});

type Wish = { current?: string; next?: string; app?: App };

/** Changes the password from a device, as its holder was when it was called. */
const change = (
  { user, session }: Pick<Holder, "user" | "session">,
  { current = PASSWORD, next = NEXT, app = world.app }: Wish = {},
) => {
  const wish = { currentPassword: current, newPassword: next };
  return changePassword(world.call({ app, principal: { user, session } }), wish);
};

/** Somebody without a second step, on one device. */
async function inside(columns: Partial<User> = {}): Promise<Holder> {
  return openSession(world.app, await world.person({ twoFactorEmail: false, ...columns }));
}

async function openChallengesOf(userId: string) {
  const open = (await challengesOf(world.db, userId)).filter(({ consumedAt }) => consumedAt === null);
  return open.map(({ purpose }) => purpose).sort();
}

describe("1. a new password that the rules refuse", () => {
  it.each([
    ["short", "short12", "This password is too short. It must contain at least 8 characters."],
    ["endless", "x".repeat(129), "This password is too long. It must contain at most 128 characters."],
    ["common", "password1", "This password is too common."],
  ])("says why the %s one is refused, and changes nothing", async (_, next, sentence) => {
    const holder = await inside();
    expect(await change(holder, { next })).toEqual({
      kind: "invalid-fields",
      fields: { new_password: [sentence] },
    });
    expect(await userRow(world.db, holder.user.id)).toEqual(
      expect.objectContaining({ passwordHash: holder.user.passwordHash }),
    );
  });

  it("refuses the person's own name, and counts no guess", async () => {
    const holder = await inside({ name: "Grace Hopper" });
    for (const _ of Array(15)) {
      const refusal = await change(holder, { next: "grace hopper", current: "a guess", app: limited });
      expect(refusal).toMatchObject({ fields: { new_password: [expect.stringContaining("too similar")] } });
    }
    expect(await change(holder, { app: limited })).toEqual(changed);
  });
});

describe("2. too many wrong passwords", () => {
  it("waits after ten, also with the right one, and for step-ups alike", async () => {
    const holder = await inside();
    for (const _ of Array(10))
      expect(await change(holder, { current: "a guess", app: limited })).toEqual(notRight);
    expect(await change(holder, { app: limited })).toEqual(codeRefused.throttled(30));
    const stepUp = await stepUpWithPassword(
      { app: limited, principal: holder, device: LAPTOP, now: world.clock.now() },
      PASSWORD,
    );
    expect(stepUp).toMatchObject({ code: "throttled" });
    world.clock.advance(30);
    expect(await change(holder, { app: limited })).toEqual(changed);
  });

  it("of fifty guesses at one moment ten are judged", async () => {
    const holder = await inside();
    const outcomes = await times(50, () => change(holder, { current: "a guess", app: limited }));
    expect(outcomes.filter(({ kind }) => kind === "invalid-fields")).toHaveLength(10);
  });
});

describe("3. hashing is busy", () => {
  it.each(["verify", "hash"] as const)("in %s: says so, changes nothing and counts nothing", async (step) => {
    const holder = await inside();
    const busy = async () => ({ kind: "busy" }) as const;
    const app = { ...limited, passwords: { ...limited.passwords, [step]: busy } };
    world.clock.advance(60);
    for (const _ of Array(11)) {
      expect(await change(holder, { app })).toEqual({ kind: "failure", code: "unavailable" });
    }
    expect(await change(holder, { app: limited })).toEqual(changed);
  });
});

describe("4. the current password is wrong, or was replaced meanwhile", () => {
  it("changes nothing, ends nothing, tells nobody", async () => {
    const holder = await inside();
    const other = await openSession(world.app, holder.user, PHONE);
    expect(await change(holder, { current: "a guess" })).toEqual(notRight);
    for (const { session } of [holder, other]) {
      expect(await sessionRow(world.db, session.id)).toEqual(session);
    }
    expect(await userRow(world.db, holder.user.id)).toMatchObject({ passwordHash: holder.user.passwordHash });
    expect((await eventsOf(world.db, holder.user.id)).map(({ type }) => type)).not.toContain(
      "password.changed",
    );
  });

  it("refuses for somebody who has none", async () => {
    const holder = await inside({ passwordHash: null });
    for (const current of ["", PASSWORD]) expect(await change(holder, { current })).toEqual(notRight);
  });

  it("is one for two devices at one moment: the winner's, at either process", async () => {
    for (let round = 0; round < 6; round += 1) {
      const laptop = await inside();
      const phone = await openSession(world.app, laptop.user, PHONE);
      const wishes = [
        () => change(laptop, { next: "the laptop's pass phrase" }),
        () => change(phone, { next: "the phone's pass phrase", app: there }),
      ];
      const outcomes = await Promise.all(wishes.map((wish) => wish()));
      expect(outcomes).toContainEqual(changed);
      expect(outcomes).toContainEqual(notRight);
      const won = outcomes.findIndex(({ kind }) => kind === "changed");
      const live = (await sessionsOf(world.db, laptop.user.id)).filter(({ revokedAt }) => !revokedAt);
      expect(live.map(({ id }) => id)).toEqual([[laptop, phone][won]?.session.id]);
      const passwords = ["the laptop's pass phrase", "the phone's pass phrase"];
      entered(await world.logIn(laptop.user, { password: passwords[won] ?? "" }));
      expect(await world.logIn(laptop.user, { password: passwords[1 - won] ?? "" })).toMatchObject({
        code: "no_active_account",
      });
    }
  });

  it("is one for a form that is sent twice", async () => {
    const holder = await inside();
    const outcomes = await times(2, () => change(holder));
    expect(outcomes).toContainEqual(changed);
    expect(outcomes).toContainEqual(notRight);
    expect(await endingsOf(world.db, holder.user.id)).toEqual([]);
  });

  it.each([
    0, 1,
  ])("a reset of the same moment wins or comes after, and ends this session, %i", async (first) => {
    const holder = await inside();
    const { user } = holder;
    const link = { purpose: "password-reset", userId: user.id, lifetimeSeconds: 30 * MINUTE } as const;
    const token = await openChallenge(world.db, link, world.clock.now());
    const reset = { token, password: "the reset pass phrase" };
    const acts: (() => Promise<unknown>)[] = [() => change(holder), () => resetPassword(world.call(), reset)];
    if (first === 1) acts.reverse();
    const outcomes = await inLockOrder(world.db, { table: "users", id: user.id }, acts);
    const linkEnded = {
      kind: "invalid-fields",
      fields: { token: ["This link was used, replaced by a newer one, or has expired."] },
    };
    expect(outcomes).toEqual(first === 0 ? [changed, linkEnded] : [{ kind: "reset" }, notRight]);
    entered(await world.logIn(user, { password: first === 0 ? NEXT : reset.password }));
  });
});

describe("5. the session ended meanwhile", () => {
  it("changes nothing, whoever ended it", async () => {
    const holder = await inside();
    await logOutEverywhere(world.call({ principal: holder }));
    expect(await change(holder)).toEqual(refused.bearer("Token is blacklisted"));
    entered(await world.logIn(holder.user));
  });
});

describe("6. a new password", () => {
  it("takes the old one's place; this session stays and turns on, every other one ends", async () => {
    const holder = await inside();
    const { user, session, tokens } = holder;
    const others = [await openSession(world.app, user, PHONE), await openSession(world.app, user, THIEF)];
    const stranger = await inside();
    world.clock.advance(MINUTE);
    const now = world.clock.now();
    expect(await change(holder)).toEqual(changed);
    expect(await authenticate(world.call({ now }), tokens.access)).toMatchObject({ kind: "authenticated" });
    const input = { token: tokens.refresh, delivery: "json", retryKey: null, device: LAPTOP } as const;
    expect(await refreshSession(world.call({ now }), input)).toMatchObject({ kind: "refreshed" });
    for (const other of others) {
      expect(await authenticate(world.call({ now }), other.tokens.access)).toEqual(
        refused.bearer("Token is blacklisted", "password_changed"),
      );
    }
    expect(await endingsOf(world.db, user.id)).toHaveLength(2);
    expect((await sessionRow(world.db, session.id)).authenticatedAt).toEqual(now);
    expect(await sessionRow(world.db, stranger.session.id)).toEqual(stranger.session);
    expect(await world.logIn(user)).toMatchObject({ code: "no_active_account" });
    entered(await world.logIn(user, { password: NEXT }));
  });

  it("ends every challenge and trusted device, and two-step log-in is asked at the next log-in", async () => {
    const user = await world.person();
    const { challenge, code } = await world.start(user);
    const holder = entered(await world.answer(challenge, code, { trustDevice: true }));
    const pending = await world.start(user, { device: PHONE });
    const link = { purpose: "password-reset", userId: user.id, lifetimeSeconds: 30 * MINUTE } as const;
    const token = await openChallenge(world.db, link, world.clock.now());
    expect(await change(holder)).toEqual(changed);
    expect(await openChallengesOf(user.id)).toEqual([]);
    expect(await world.answer(pending.challenge, pending.code)).toEqual(codeRefused.challenge);
    const reset = { token, password: "the thief's pass phrase" };
    expect(await resetPassword(world.call(), reset)).toMatchObject({
      kind: "invalid-fields",
    });
    expect(await trustedDevicesOf(world.db, user.id)).toEqual([]);
    const deviceToken = holder.deviceToken ?? "";
    expect(await world.logIn(user, { password: NEXT, deviceToken })).toMatchObject({
      kind: "two-factor-required",
    });
  });

  it("leaves the owner the ways back: a thief who changes it can still be disowned", async () => {
    const user = await world.person({ twoFactorEmail: false });
    entered(await world.logIn(user));
    world.clock.advance(1);
    const thief = entered(await world.logIn(user, { device: THIEF }));
    const notMe = await lastTokenTo(world.app, user.email, "/not-me");
    const undo = { purpose: "undo-email-change", userId: user.id, lifetimeSeconds: 30 * MINUTE } as const;
    await openChallenge(world.db, undo, world.clock.now());
    expect(await change(thief)).toEqual(changed);
    expect(await openChallengesOf(user.id)).toEqual(["not-me", "undo-email-change"]);
    const disowned = await disownLogIn(world.call(), notMe);
    expect(disowned).toMatchObject({ kind: "disowned" });
    expect(await openChallengesOf(user.id)).toEqual(["password-reset", "undo-email-change"]);
    expect(await authenticate(world.call(), thief.tokens.access)).toMatchObject({
      kind: "failure",
    });
  });

  it("is told to the person by one mail, without either password, and recorded with its session", async () => {
    const holder = await inside();
    await change(holder);
    const [mail, ...more] = await mailsTo(world.app, holder.user.email);
    expect(more).toEqual([]);
    expect(mail?.subject).toBe("Your password was changed");
    for (const body of [mail?.text, mail?.html]) {
      expect(body).toContain(`${world.app.settings.APP_URL}/forgot-password`);
      for (const password of [PASSWORD, NEXT]) expect(body).not.toContain(password);
    }
    const events = await eventsOf(world.db, holder.user.id);
    expect(events.filter(({ type }) => type === "password.changed")).toEqual([
      expect.objectContaining({ sessionId: holder.session.id, ...LAPTOP, data: {} }),
    ]);
  });

  it("is the same one however its accents are typed", async () => {
    const holder = await inside();
    const { hash, verify } = createPasswordHasher();
    const changing = { ...world.app, passwords: { ...world.app.passwords, hash } };
    expect(await change(holder, { next: "cafe\u0301 au lait", app: changing })).toEqual(changed);
    const entering = { ...world.app, passwords: { ...world.app.passwords, verify } };
    entered(await world.logIn(holder.user, { password: "caf\u00e9 au lait", app: entering }));
  });

  it("a server error changes nothing", async () => {
    const holder = await inside();
    const other = await openSession(world.app, holder.user, PHONE);
    const mend = await breakInserts(world.db, "outbox");
    await expect(change(holder)).rejects.toThrow();
    await mend();
    for (const { session } of [holder, other]) {
      expect(await sessionRow(world.db, session.id)).toEqual(session);
    }
    entered(await world.logIn(holder.user));
  });
});
