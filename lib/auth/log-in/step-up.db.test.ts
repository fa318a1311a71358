import { beforeAll, describe, expect, it } from "vitest";
import type { App } from "@/lib/app/app.ts";
import { deactivateUser } from "@/lib/auth/account/deactivate-user.ts";
import { listTrustedDevices, trustDevice } from "@/lib/auth/devices/trust-device.ts";
import { authenticate } from "@/lib/auth/sessions/authenticate.ts";
import { logOut } from "@/lib/auth/sessions/log-out.ts";
import { requireRecentLogIn } from "@/lib/auth/sessions/require-recent-log-in.ts";
import { epochSeconds } from "@/lib/base/clock.ts";
import { randomToken } from "@/lib/base/crypto.ts";
import { lastCodeTo, mailsTo, subjectsTo } from "@/lib/testing/mailbox.ts";
import { eventsOf, sessionRow, sessionsOf, userRow, writeUser } from "@/lib/testing/records.ts";
import {
  asTyped,
  breakInserts,
  challengesOf,
  codeRefused,
  createTwoStepWorld,
  entered,
  notThe,
  PHONE,
} from "@/lib/testing/two-step.ts";
import { claimsOf, type Holder, openSession, refused, times } from "@/lib/testing/wire.ts";
import { LAPTOP, PASSWORD } from "@/lib/testing/world.ts";
import { setTwoFactorEmail } from "./set-two-factor.ts";
import { startStepUp, stepUpWithPassword, stepUpWithProof } from "./step-up.ts";

const RECENT = 600;
const HOUR = 3600;
const recentLogInRequired = { kind: "failure", code: "recent_login_required" };

const world = createTwoStepWorld();
let there: App;
beforeAll(async () => {
  there = (await world.process()).app;
});

/** Somebody whose log-in is an hour ago. */
async function longSince() {
  const holder = await openSession(world.app, await world.person());
  world.clock.advance(HOUR);
  return holder;
}

async function start(holder: Holder) {
  world.clock.advance(1);
  const sent = await startStepUp(world.call({ principal: holder }));
  if (sent.kind !== "asked") throw new Error(JSON.stringify(sent));
  return { ...sent.challenge, code: await lastCodeTo(world.app, holder.user.email) };
}

const byCode = (holder: Holder, challenge: string, code: string, app = world.app) =>
  stepUpWithProof(world.call({ app, principal: holder }), asTyped({ challenge, code }));
const byPassword = (holder: Holder, password = PASSWORD) =>
  stepUpWithPassword(world.call({ principal: holder }), password);

/** Who an access token stands for right now. */
async function principalOf(access: string) {
  const caller = await authenticate(world.call(), access);
  if (caller.kind !== "authenticated") throw new Error(JSON.stringify(caller));
  return caller.principal;
}

describe("starting a step-up", () => {
  it("answers like a log-in's challenge, bound to this session, and renews nothing yet", async () => {
    const holder = await longSince();
    const sent = await startStepUp(world.call({ principal: holder }));
    expect(sent).toEqual({
      kind: "asked",
      challenge: {
        challenge: expect.stringMatching(/^[\w-]{43}$/),
        methods: ["email"],
        expires_in: 600,
        resend_in: 60,
        sent_to: expect.stringMatching(/^.•••@example\.com$/),
      },
    });
    expect(await challengesOf(world.db, holder.user.id)).toEqual([
      expect.objectContaining({ purpose: "step-up", sessionId: holder.session.id }),
    ]);
    expect(await mailsTo(world.app, holder.user.email)).toHaveLength(1);
    expect(await sessionsOf(world.db, holder.user.id)).toEqual([holder.session]);
  });

  it("works for a person whose log-in asks for no code", async () => {
    const holder = await openSession(world.app, await world.person({ twoFactorEmail: false }));
    const { challenge, code } = await start(holder);
    expect(await byCode(holder, challenge, code)).toMatchObject({ kind: "stepped-up" });
  });

  it("refuses a person made inactive since they were authenticated, and mails nothing", async () => {
    const holder = await longSince();
    await deactivateUser(world.call(), { userId: holder.user.id });
    expect(await startStepUp(world.call({ principal: holder }))).toEqual(
      refused.bearer("Token is blacklisted", "account_deactivated"),
    );
    expect(await mailsTo(world.app, holder.user.email)).toEqual([]);
  });
});

describe("confirming with the password", () => {
  it("gives an access token whose auth_time is now, and a refresh token stays as good as it was", async () => {
    const holder = await longSince();
    const outcome = await byPassword(holder);
    if (outcome.kind !== "stepped-up") throw new Error(JSON.stringify(outcome));
    const now = world.clock.now();
    expect(Object.keys(outcome.tokens)).toEqual(["access"]);
    expect(claimsOf(outcome.tokens.access)).toMatchObject({
      token_type: "access",
      sid: holder.session.id,
      user_id: holder.user.id,
      auth_time: epochSeconds(now),
      amr: ["pwd"],
    });
    expect(await sessionsOf(world.db, holder.user.id)).toEqual([
      { ...holder.session, authenticatedAt: now, lastSeenAt: now },
    ]);
    expect((await eventsOf(world.db, holder.user.id)).at(-1)).toMatchObject({
      type: "login.confirmed",
      sessionId: holder.session.id,
    });
  });

  it("refuses a wrong one, naming the field, and renews nothing", async () => {
    const holder = await longSince();
    for (const password of ["not the password", "", `${PASSWORD} `]) {
      expect(await byPassword(holder, password)).toEqual({
        kind: "invalid-fields",
        fields: { password: ["That password is not right."] },
      });
    }
    expect(await sessionsOf(world.db, holder.user.id)).toEqual([holder.session]);
  });

  it("refuses another person's password", async () => {
    const holder = await longSince();
    await world.person({ passwordHash: (await hashOf("somebody else's phrase")) ?? null });
    expect(await byPassword(holder, "somebody else's phrase")).toMatchObject({ kind: "invalid-fields" });
  });

  it("refuses whatever is tried on an account without a password", async () => {
    const holder = await openSession(world.app, await world.person({ passwordHash: null }));
    for (const password of ["", PASSWORD]) {
      expect(await byPassword(holder, password)).toMatchObject({ kind: "invalid-fields" });
    }
  });

  it("refuses a session that ended since it was authenticated", async () => {
    const holder = await longSince();
    const fresh = await openSession(world.app, holder.user);
    await logOut(world.call(), { ...fresh.tokens, refresh: null });
    expect(await byPassword(fresh)).toEqual(refused.bearer("Token is blacklisted"));
    expect((await sessionRow(world.db, fresh.session.id)).authenticatedAt).toEqual(
      fresh.session.authenticatedAt,
    );
  });

  it("says that hashing is busy, and renews nothing", async () => {
    const holder = await longSince();
    const busy = { ...world.app.passwords, verify: async () => ({ kind: "busy" }) as const };
    const app = { ...world.app, passwords: busy };
    const outcome = await stepUpWithPassword(world.call({ app, principal: holder }), PASSWORD);
    expect(outcome).toEqual({ kind: "failure", code: "unavailable" });
    expect(await sessionsOf(world.db, holder.user.id)).toEqual([holder.session]);
  });

  async function hashOf(password: string) {
    const hashed = await world.app.passwords.hash(password);
    return "passwordHash" in hashed ? hashed.passwordHash : undefined;
  }
});

describe("confirming with a code", () => {
  it("1. not six digits: names the field and spends no try", async () => {
    const holder = await longSince();
    const { challenge, code } = await start(holder);
    for (const typed of ["", "abcdef", `${code}0`, code.slice(1), "١٢٣٤٥٦"]) {
      expect(await byCode(holder, challenge, typed)).toEqual(codeRefused.notSixDigits);
    }
    expect(await challengesOf(world.db, holder.user.id)).toEqual([expect.objectContaining({ triesLeft: 5 })]);
    expect(await byCode(holder, challenge, ` ${code.slice(0, 3)}-${code.slice(3)} `)).toMatchObject({
      kind: "stepped-up",
    });
  });

  it("3. a challenge that another session started is refused, of the same person or of another", async () => {
    const holder = await longSince();
    const elsewhere = await openSession(world.app, holder.user, PHONE);
    const stranger = await longSince();
    const { challenge, code } = await start(holder);
    for (const other of [elsewhere, stranger]) {
      expect(await byCode(other, challenge, code)).toEqual(codeRefused.challenge);
    }
    expect(await sessionRow(world.db, elsewhere.session.id)).toEqual(elsewhere.session);
    const untouched = expect.objectContaining({ triesLeft: 5, consumedAt: null });
    const rows = await challengesOf(world.db, holder.user.id);
    expect(rows.filter(({ purpose }) => purpose === "step-up")).toEqual([untouched]);
    expect(await userRow(world.db, stranger.user.id)).toMatchObject({ wrongCodes: 0 });
    expect(await byCode(holder, challenge, code)).toMatchObject({ kind: "stepped-up" });
  });

  it("3. the challenge of a log-in is refused, with its own right code, and still opens its own door", async () => {
    const holder = await longSince();
    const { challenge, code } = await world.start(holder.user);
    expect(await byCode(holder, challenge, code)).toEqual(codeRefused.challenge);
    expect(await sessionsOf(world.db, holder.user.id)).toEqual([holder.session]);
    entered(await world.answer(challenge, code));
  });

  it("3. an unknown, an expired and a used one are refused", async () => {
    const holder = await longSince();
    const [expired, used] = [await start(holder), await start(holder)];
    expect(await byCode(holder, used.challenge, used.code)).toMatchObject({ kind: "stepped-up" });
    world.clock.advance(RECENT);
    for (const challenge of [expired.challenge, used.challenge, randomToken(32), ""]) {
      expect(await byCode(holder, challenge, expired.code)).toEqual(codeRefused.challenge);
    }
  });

  it("4. a wrong one tells the tries left, until the right one is too late", async () => {
    const holder = await longSince();
    const { challenge, code } = await start(holder);
    for (const left of [4, 3, 2, 1, 0]) {
      expect(await byCode(holder, challenge, notThe(code, left + 1))).toEqual(codeRefused.wrong(left));
    }
    expect(await byCode(holder, challenge, code)).toEqual(codeRefused.challenge);
    expect(await sessionsOf(world.db, holder.user.id)).toEqual([holder.session]);
  });

  it("5. the right one renews auth_time of this session only", async () => {
    const holder = await longSince();
    const elsewhere = await openSession(world.app, holder.user, PHONE);
    world.clock.advance(HOUR);
    const { challenge, code } = await start(holder);
    const outcome = await byCode(holder, challenge, code);
    const now = world.clock.now();
    if (outcome.kind !== "stepped-up") throw new Error(JSON.stringify(outcome));
    const { access } = outcome.tokens;
    expect(claimsOf(access)).toMatchObject({ sid: holder.session.id, auth_time: epochSeconds(now) });
    expect(await sessionRow(world.db, holder.session.id)).toMatchObject({
      authenticatedAt: now,
      generation: 1,
    });
    expect(await sessionRow(world.db, elsewhere.session.id)).toEqual(elsewhere.session);
    expect(requireRecentLogIn({ principal: await principalOf(access), now })).toBeNull();
    expect(requireRecentLogIn({ principal: elsewhere, now })).toEqual(recentLogInRequired);
  });

  it("5. of forty right ones at one moment, at two processes, one is taken", async () => {
    const holder = await longSince();
    const { challenge, code } = await start(holder);
    const outcomes = await times(40, (index) =>
      byCode(holder, challenge, code, index % 2 ? there : world.app),
    );
    expect(outcomes.filter(({ kind }) => kind === "stepped-up")).toHaveLength(1);
    expect(outcomes.filter(({ kind }) => kind !== "stepped-up")).toEqual(
      Array(39).fill(codeRefused.challenge),
    );
  });

  it("2. a session that ended since it was authenticated stays over", async () => {
    const holder = await openSession(world.app, await world.person());
    const { challenge, code } = await start(holder);
    await logOut(world.call(), { ...holder.tokens, refresh: null });
    expect(await byCode(holder, challenge, code)).toEqual(
      refused.bearer("Token is blacklisted", "logged_out"),
    );
    expect(await sessionRow(world.db, holder.session.id)).toMatchObject({ revokedReason: "logged_out" });
  });

  it("5. a trusted device's secret stands in neither for the code nor for the challenge", async () => {
    const user = await world.person();
    const first = await world.start(user);
    const { deviceToken, session } = entered(
      await world.answer(first.challenge, first.code, { trustDevice: true }),
    );
    const holder = { user, session, tokens: { access: "", refresh: "" } };
    const own = await start(holder);
    expect(await byCode(holder, deviceToken ?? "", own.code)).toEqual(codeRefused.challenge);
    expect(await byCode(holder, own.challenge, deviceToken ?? "")).toEqual(codeRefused.notSixDigits);
    expect(await byPassword(holder, deviceToken ?? "")).toMatchObject({ kind: "invalid-fields" });
    expect(await sessionRow(world.db, session.id)).toEqual(session);
  });

  it("5. a server error spends no try", async () => {
    const holder = await longSince();
    const mend = await breakInserts(world.db, "outbox");
    await expect(startStepUp(world.call({ principal: holder }))).rejects.toThrow();
    await mend();
    expect(await challengesOf(world.db, holder.user.id)).toEqual([]);
  });
});

describe("turning the e-mailed code on or off", () => {
  const set = (holder: Pick<Holder, "user" | "session">, enabled: boolean) =>
    setTwoFactorEmail(world.call({ principal: holder }), enabled);

  it("1. is refused once the log-in is ten minutes old, and changes nothing", async () => {
    const holder = await openSession(world.app, await world.person());
    world.clock.advance(RECENT - 1);
    expect(await set(holder, true)).toMatchObject({ kind: "set" });
    world.clock.advance(1);
    const events = await eventsOf(world.db, holder.user.id);
    expect(await set(holder, false)).toEqual(recentLogInRequired);
    expect(await userRow(world.db, holder.user.id)).toMatchObject({ twoFactorEmail: true });
    expect(await eventsOf(world.db, holder.user.id)).toEqual(events);
  });

  it("1. another session's step-up, and a refresh of this one, don't help", async () => {
    const holder = await longSince();
    const elsewhere = await openSession(world.app, holder.user, PHONE);
    world.clock.advance(RECENT);
    await byPassword(elsewhere);
    expect(await set(await principalOf(elsewhereAccess(elsewhere)), false)).toMatchObject({ kind: "set" });
    await set(await principalOf(elsewhereAccess(elsewhere)), true);
    expect(
      await set({ user: holder.user, session: await sessionRow(world.db, holder.session.id) }, false),
    ).toEqual(recentLogInRequired);
    expect(await userRow(world.db, holder.user.id)).toMatchObject({ twoFactorEmail: true });
  });

  it("2. is refused once the account is inactive, and nobody is told", async () => {
    const holder = await openSession(world.app, await world.person());
    await writeUser(world.db, holder.user.id, { isActive: false });
    expect(await set(holder, false)).toMatchObject({ code: "token_not_valid" });
    expect(await userRow(world.db, holder.user.id)).toMatchObject({ twoFactorEmail: true });
    expect(await subjectsTo(world.app, holder.user.email)).toEqual([]);
  });

  it("3. changes and records nothing where it is so already", async () => {
    const holder = await openSession(world.app, await world.person());
    expect(await set(holder, true)).toMatchObject({ twoFactor: { email: true } });
    const events = await eventsOf(world.db, holder.user.id);
    expect(events.map(({ type }) => type)).not.toContain("two_factor.changed");
  });

  it("4. leaves no device trusted: turned on again, the code is asked everywhere", async () => {
    const user = await world.person();
    const holder = await openSession(world.app, user);
    await trustDevice(world.app.db, user.id, { device: LAPTOP, now: world.clock.now() });
    for (const enabled of [false, true]) await set(holder, enabled);
    expect((await listTrustedDevices(world.call({ principal: holder }))).devices).toEqual([]);
  });

  it.each([
    "password",
    "code",
  ] as const)("4. is done after a step-up by %s, and the next log-in knows", async (by) => {
    const holder = await longSince();
    const { challenge, code } = await start(holder);
    const outcome = by === "code" ? await byCode(holder, challenge, code) : await byPassword(holder);
    if (outcome.kind !== "stepped-up") throw new Error(JSON.stringify(outcome));
    const principal = await principalOf(outcome.tokens.access);
    expect(await set(principal, false)).toEqual({
      kind: "set",
      twoFactor: { email: false, totp: false, passkeys: 0, recovery_codes_left: 0 },
    });
    expect(entered(await world.logIn(holder.user)).session.amr).toEqual(["pwd"]);
    expect(await set(principal, true)).toMatchObject({ twoFactor: { email: true } });
    expect(await world.logIn(holder.user)).toMatchObject({ kind: "two-factor-required" });
    const changes = (await eventsOf(world.db, holder.user.id)).filter(
      ({ type }) => type === "two_factor.changed",
    );
    expect(changes.map(({ data, sessionId }) => ({ data, sessionId }))).toEqual(
      expect.arrayContaining(
        [true, false].map((email) => ({ data: { email }, sessionId: holder.session.id })),
      ),
    );
  });

  it("4. tells the person by mail when it is turned off, and only then", async () => {
    const holder = await openSession(world.app, await world.person());
    const told = () => subjectsTo(world.app, holder.user.email);
    await set(holder, true);
    expect(await told()).toEqual([]);
    for (const enabled of [false, false, true]) await set(holder, enabled);
    expect(await told()).toEqual(["Two-step log-in was turned off"]);
  });

  it("4. changes nothing of anybody else", async () => {
    const [holder, other] = [await openSession(world.app, await world.person()), await world.person()];
    await set(holder, false);
    expect(await userRow(world.db, other.id)).toEqual(other);
  });

  const elsewhereAccess = ({ tokens }: Holder) => tokens.access;
});
