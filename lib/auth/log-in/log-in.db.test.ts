import { hash } from "@node-rs/argon2";
import { describe, expect, it } from "vitest";
import type { User } from "@/db/queries/users.ts";
import type { App } from "@/lib/app/app.ts";
import type { Device } from "@/lib/audit/record.ts";
import { deactivateUser } from "@/lib/auth/account/deactivate-user.ts";
import { refreshSession } from "@/lib/auth/rotation/refresh-session.ts";
import { authenticate } from "@/lib/auth/sessions/authenticate.ts";
import { epochSeconds, secondsAfter } from "@/lib/base/clock.ts";
import { randomToken } from "@/lib/base/crypto.ts";
import { createPasswordHasher, type PasswordHasher } from "@/lib/passwords/hash.ts";
import { inLockOrder } from "@/lib/testing/lock-order.ts";
import {
  endingsOf,
  eventsOf,
  insertPerson,
  insertSessions,
  sessionRow,
  sessionsOf,
  userRow,
  writeSession,
  writeUser,
} from "@/lib/testing/records.ts";
import { quickPasswords } from "@/lib/testing/two-step.ts";
import { claimsOf, refused, times } from "@/lib/testing/wire.ts";
import { createWorld, LAPTOP, PASSWORD } from "@/lib/testing/world.ts";
import { logIn } from "./log-in.ts";

const DAY = 24 * 60 * 60;
const ROUNDS = 20;
const BUSY: PasswordHasher = { hash: async () => ({ kind: "busy" }), verify: async () => ({ kind: "busy" }) };
const noAccount = { kind: "failure", code: "no_active_account" };

const world = createWorld();
const now = () => world.clock.now();
const ask = (email: string, password = PASSWORD, app: App = world.app, device: Device = LAPTOP) =>
  logIn(world.call({ app, device, now: now() }), { email, password });
/** The same app with another hasher: one that counts, is busy, or costs nothing. */
const hashingBy = (passwords: PasswordHasher): App => ({ ...world.app, passwords });
const quick = () => hashingBy(quickPasswords);

async function enter(user: User, app?: App, device?: Device) {
  const outcome = await ask(user.email, PASSWORD, app, device);
  if (outcome.kind !== "logged-in") throw new Error(`refused: ${JSON.stringify(outcome)}`);
  return outcome;
}

/** A person who logs in with PASSWORD where hashing costs nothing. */
async function quickPerson(): Promise<User> {
  const hashed = await quickPasswords.hash(PASSWORD);
  if (hashed.kind !== "hashed") throw new Error("the quick hasher is never busy");
  return insertPerson(world.db, { passwordHash: hashed.passwordHash });
}

const liveOf = async (userId: string) =>
  (await sessionsOf(world.db, userId)).filter(({ revokedAt }) => revokedAt === null);

describe("2. more log-ins wait for hashing than the bound allows", () => {
  it("is unavailable, for a known address and an unknown one alike, and nothing is recorded", async () => {
    const user = await world.person();
    const before = await eventsOf(world.db, user.id);
    for (const email of [user.email, "nobody@example.com"]) {
      expect(await ask(email, PASSWORD, hashingBy(BUSY))).toEqual({ kind: "failure", code: "unavailable" });
    }
    expect(await eventsOf(world.db, user.id)).toEqual(before);
    expect(await sessionsOf(world.db, user.id)).toEqual([]);
  });

  it("a flood is turned away, and those within the bound get in", async () => {
    const user = await world.person();
    const app = hashingBy(createPasswordHasher({ atOnce: 1, waitingAtMost: 2 }));
    const outcomes = await times(30, () => ask(user.email, PASSWORD, app));
    const entered = outcomes.filter(({ kind }) => kind === "logged-in");
    const turnedAway = outcomes.filter(({ kind }) => kind !== "logged-in");
    expect(entered.length).toBeGreaterThanOrEqual(3);
    expect(turnedAway.length).toBeGreaterThan(0);
    expect(turnedAway).toEqual(turnedAway.map(() => ({ kind: "failure", code: "unavailable" })));
    expect(await sessionsOf(world.db, user.id)).toHaveLength(entered.length);
  });
});

describe("3. no such address, wrong password, inactive or unverified", () => {
  it("get one and the same answer, after the same work, and no session", async () => {
    const inactive = await world.person();
    await writeUser(world.db, inactive.id, { isActive: false });
    const unverified = await world.person();
    await writeUser(world.db, unverified.id, { emailVerifiedAt: null });
    const invited = await insertPerson(world.db);
    const known = await world.person();
    const hashOf = async (user: User) => (await userRow(world.db, user.id)).passwordHash;
    const asked: [password: string, passwordHash: string | null][] = [];
    const app = hashingBy({
      ...world.app.passwords,
      verify(password, passwordHash) {
        asked.push([password, passwordHash]);
        return world.app.passwords.verify(password, passwordHash);
      },
    });
    const tries: [email: string, password: string, passwordHash: string | null][] = [
      [known.email, "wrong horse battery", await hashOf(known)],
      ["nobody@example.com", PASSWORD, null],
      [inactive.email, PASSWORD, await hashOf(inactive)],
      [inactive.email, "wrong horse battery", await hashOf(inactive)],
      [unverified.email, PASSWORD, await hashOf(unverified)],
      [invited.email, PASSWORD, null],
      [invited.email, "", null],
      ["not an address", PASSWORD, null],
      ["", "", null],
    ];
    for (const [email, password] of tries) {
      expect(await ask(email, password, app)).toEqual(noAccount);
    }
    expect(asked).toEqual(tries.map(([, password, passwordHash]) => [password, passwordHash]));
    for (const { id } of [inactive, unverified, invited, known]) {
      expect(await sessionsOf(world.db, id)).toEqual([]);
      expect((await userRow(world.db, id)).lastLoginAt).toBeNull();
    }
  });

  it("each is recorded, with where it came from and without what was typed", async () => {
    const user = await world.person();
    const secret = "a password that is wrong";
    await ask(user.email, secret, world.app, { ip: "203.0.113.66", userAgent: "curl/8" });
    const events = (await eventsOf(world.db, user.id)).filter(({ type }) => type !== "user.created");
    expect(events).toEqual([
      expect.objectContaining({
        type: "login.failed",
        createdAt: now(),
        actorId: null,
        sessionId: null,
        ip: "203.0.113.66",
        userAgent: "curl/8",
      }),
    ]);
    expect(JSON.stringify(events)).not.toContain("wrong");
    expect(JSON.stringify(events)).not.toContain(user.email);
  });

  it.each([
    ["a space before", ` ${PASSWORD}`],
    ["a space after", `${PASSWORD} `],
    ["another case", PASSWORD.toUpperCase()],
    ["a letter less", PASSWORD.slice(0, -1)],
    ["a letter more", `${PASSWORD}y`],
    ["a NUL after", `${PASSWORD}\0`],
    ["nothing", ""],
    ["a megabyte", PASSWORD.repeat(50_000)],
  ])("a password with %s is wrong", async (_, password) => {
    const user = await world.person();
    expect(await ask(user.email, password)).toEqual(noAccount);
    expect(await sessionsOf(world.db, user.id)).toEqual([]);
  });

  it.each([
    ["a Kelvin sign for k", (email: string) => email.replace("kim", "\u212aim")],
    ["a full-width letter", (email: string) => email.replace("e", "\uff45")],
    ["a dotless i", (email: string) => email.replace("kim", "k\u0131m")],
    ["another domain", (email: string) => `${email}.evil.example`],
    ["a plus tag", (email: string) => email.replace("@", "+x@")],
    ["a space inside", (email: string) => email.replace("@", " @")],
    ["a NUL after", (email: string) => `${email}\0`],
    ["half a sign after", (email: string) => `${email}\ud83d`],
    ["a pattern", (email: string) => email.replace("kim", "%")],
    ["SQL", (email: string) => `${email}' or '1'='1`],
  ])("an address with %s is nobody's", async (_, change) => {
    const user = await world.person({ email: `kim.${randomToken(6)}@example.com` });
    expect(await ask(change(user.email))).toEqual(noAccount);
    expect(await sessionsOf(world.db, user.id)).toEqual([]);
    await enter(user);
  });

  it("a password that changes, or a person who becomes inactive, while it is compared, opens nothing", async () => {
    for (const change of [{ passwordHash: "changed" }, { isActive: false }]) {
      const user = await quickPerson();
      const app = hashingBy({
        ...quickPasswords,
        async verify(password, passwordHash) {
          const verdict = await quickPasswords.verify(password, passwordHash);
          await writeUser(world.db, user.id, change);
          return verdict;
        },
      });
      expect(await ask(user.email, PASSWORD, app)).toEqual(noAccount);
      expect(await sessionsOf(world.db, user.id)).toEqual([]);
    }
  });
});

describe("4. the account asks for a code", () => {
  it("a right password opens no session and shows no token; a wrong one does not say so", async () => {
    const user = await world.person({ twoFactorEmail: true });
    const outcome = await ask(user.email);
    expect(outcome).toMatchObject({ kind: "two-factor-required" });
    expect(JSON.stringify(outcome)).not.toMatch(/eyJ/);
    expect(await ask(user.email, "wrong horse battery")).toEqual(noAccount);
    expect(await sessionsOf(world.db, user.id)).toEqual([]);
    expect((await userRow(world.db, user.id)).lastLoginAt).toBeNull();
    expect((await eventsOf(world.db, user.id)).map(({ type }) => type)).not.toContain("login.succeeded");
  });
});

describe("5. a session with its first token pair", () => {
  it("both tokens say exactly this", async () => {
    const user = await world.person();
    const { session, tokens } = await enter(user);
    const at = epochSeconds(now());
    const whose = { user_id: user.id, sub: user.id, sid: session.id };
    const jti = expect.stringMatching(/^[\w-]{44,60}$/);
    expect(claimsOf(tokens.access)).toEqual({
      token_type: "access",
      jti,
      iat: at,
      exp: at + 30 * 60,
      ...whose,
      auth_time: at,
      amr: ["pwd"],
    });
    expect(claimsOf(tokens.refresh)).toEqual({
      token_type: "refresh",
      jti,
      iat: at,
      exp: at + 3 * DAY,
      ...whose,
      gen: 1,
    });
  });

  it("one row, one event, and the time of the last log-in", async () => {
    const user = await world.person();
    const { session } = await enter(user);
    expect(await sessionsOf(world.db, user.id)).toEqual([
      {
        id: session.id,
        userId: user.id,
        generation: 1,
        rotatedAt: now(),
        retryKeyHash: null,
        delivery: "json",
        retries: 0,
        spentFrom: null,
        spentAt: null,
        createdAt: now(),
        authenticatedAt: now(),
        lastSeenAt: now(),
        idleExpiresAt: secondsAfter(now(), 3 * DAY),
        expiresAt: secondsAfter(now(), 30 * DAY),
        revokedAt: null,
        revokedReason: null,
        amr: ["pwd"],
        ...LAPTOP,
        location: null,
        name: null,
        applicationId: null,
        scope: null,
        openedBy: null,
      },
    ]);
    const events = (await eventsOf(world.db, user.id)).filter(({ type }) => type !== "user.created");
    expect(events.map(({ type, sessionId }) => [type, sessionId])).toEqual([["login.succeeded", session.id]]);
    expect((await userRow(world.db, user.id)).lastLoginAt).toEqual(now());
  });

  it("each log-in is a session of its own: nothing of one before is taken over", async () => {
    const user = await world.person();
    const first = await enter(user);
    const second = await enter(user);
    expect(second.session.id).not.toBe(first.session.id);
    expect(second.tokens.refresh).not.toBe(first.tokens.refresh);
    for (const { access } of [first.tokens, second.tokens]) {
      expect(await authenticate(world.call({ now: now() }), access)).toMatchObject({ kind: "authenticated" });
    }
  });

  it.each([
    ["in capitals", (email: string) => email.toUpperCase()],
    ["with white space around it", (email: string) => ` \t${email}\n`],
  ])("finds the address %s", async (_, change) => {
    const user = await world.person();
    expect(await ask(change(user.email))).toMatchObject({ kind: "logged-in", user: { id: user.id } });
  });

  it("finds an international address however it is written", async () => {
    const user = await world.person({ email: "kim@müller.example" });
    expect(user.email).toBe("kim@xn--mller-kva.example");
    for (const email of ["kim@müller.example", "KIM@MÜLLER.example", "kim@xn--mller-kva.example"]) {
      expect(await ask(email)).toMatchObject({ kind: "logged-in", user: { id: user.id } });
    }
  });

  it("takes a password whose accents were typed on another device", async () => {
    const user = await world.person({ password: "caf\u00e9 caf\u00e9 caf\u00e9" });
    const outcome = await ask(user.email, "cafe\u0301 cafe\u0301 cafe\u0301");
    expect(outcome).toMatchObject({ kind: "logged-in" });
  });

  it("leaves the time of the last log-in alone where UPDATE_LAST_LOGIN is off", async () => {
    const app = await world.with({ UPDATE_LAST_LOGIN: "false" });
    const user = await world.person();
    await enter(user, app);
    expect((await userRow(world.db, user.id)).lastLoginAt).toBeNull();
    await enter(user);
    const at = now();
    world.clock.advance(60);
    await enter(user, app);
    expect((await userRow(world.db, user.id)).lastLoginAt).toEqual(at);
  });

  it("never lets a refresh token outlive the session, whatever the settings", async () => {
    const app = await world.with({
      SESSION_MAX_LIFETIME: "1h",
      REFRESH_TOKEN_LIFETIME: "3d",
      ACCESS_TOKEN_LIFETIME: "2h",
    });
    const { tokens } = await enter(await world.person(), app);
    const end = epochSeconds(now()) + 3_600;
    expect([claimsOf(tokens.access).exp, claimsOf(tokens.refresh).exp]).toEqual([end, end]);
  });
});

describe("a hash of older parameters", () => {
  const older = () => hash(PASSWORD, { algorithm: 2, memoryCost: 1_024, timeCost: 1, parallelism: 1 });
  const TODAY = /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/;

  it("is renewed by a right password, which still opens the account afterwards", async () => {
    const user = await insertPerson(world.db, { passwordHash: await older() });
    await enter(user);
    expect((await userRow(world.db, user.id)).passwordHash).toMatch(TODAY);
    await enter(user);
    expect(await ask(user.email, `${PASSWORD} `)).toEqual(noAccount);
  });

  it("is renewed by a right password for which a code is asked next", async () => {
    const user = await insertPerson(world.db, { passwordHash: await older(), twoFactorEmail: true });
    expect(await ask(user.email, PASSWORD)).toMatchObject({ kind: "two-factor-required" });
    expect((await userRow(world.db, user.id)).passwordHash).toMatch(TODAY);
  });

  it("stays as it is after a wrong one, and one of today is never touched", async () => {
    const passwordHash = await older();
    const user = await insertPerson(world.db, { passwordHash });
    await ask(user.email, "wrong horse battery");
    expect((await userRow(world.db, user.id)).passwordHash).toBe(passwordHash);
    const present = await world.person();
    await enter(present);
    expect((await userRow(world.db, present.id)).passwordHash).toBe(present.passwordHash);
  });

  it("stays for another time when hashing is busy, and the person is in all the same", async () => {
    const passwordHash = await older();
    const user = await insertPerson(world.db, { passwordHash });
    await enter(user, hashingBy({ ...world.app.passwords, hash: BUSY.hash }));
    expect((await userRow(world.db, user.id)).passwordHash).toBe(passwordHash);
  });

  it("is renewed by one log-in while another has just compared it, and both get in", async () => {
    const user = await insertPerson(world.db, { passwordHash: await older() });
    const overtaken = hashingBy({
      ...world.app.passwords,
      async verify(password, passwordHash) {
        const verdict = await world.app.passwords.verify(password, passwordHash);
        if (!TODAY.test((await userRow(world.db, user.id)).passwordHash ?? "")) await enter(user);
        return verdict;
      },
    });
    expect(await ask(user.email, PASSWORD, overtaken)).toMatchObject({ kind: "logged-in" });
    expect(await liveOf(user.id)).toHaveLength(2);
    expect((await eventsOf(world.db, user.id)).map(({ type }) => type)).not.toContain("login.failed");
  });

  it("eight log-ins of the same moment all get in", async () => {
    const user = await insertPerson(world.db, { passwordHash: await older() });
    const outcomes = await times(8, () => ask(user.email));
    expect(outcomes.map(({ kind }) => kind)).toEqual(Array(8).fill("logged-in"));
    expect(await liveOf(user.id)).toHaveLength(8);
    expect((await userRow(world.db, user.id)).passwordHash).toMatch(TODAY);
  });

  it("never takes the place of a password that was changed meanwhile", async () => {
    const user = await insertPerson(world.db, { passwordHash: await older() });
    const app = hashingBy({
      ...world.app.passwords,
      async hash(password) {
        await writeUser(world.db, user.id, { passwordHash: "changed" });
        return world.app.passwords.hash(password);
      },
    });
    await ask(user.email, PASSWORD, app);
    expect((await userRow(world.db, user.id)).passwordHash).toBe("changed");
  });
});

describe("the cap of 100 sessions", () => {
  it("the 101st ends the one least recently used, with its reason, and no other", async () => {
    const user = await quickPerson();
    const ids = await insertSessions(world.db, user, 100, now());
    world.clock.advance(1_000);
    await writeSession(world.db, ids[0] ?? "", { lastSeenAt: now() });
    const { session } = await enter(user, quick());
    const [, leastRecent = ""] = ids;
    expect(await sessionRow(world.db, leastRecent)).toMatchObject({
      revokedAt: now(),
      revokedReason: "replaced",
    });
    const live = (await liveOf(user.id)).map(({ id }) => id);
    expect(live.sort()).toEqual([...ids.filter((id) => id !== leastRecent), session.id].sort());
    expect(await endingsOf(world.db, user.id)).toEqual([
      { type: "session.revoked", sessionId: leastRecent, reason: "replaced" },
    ]);
  });

  it("sessions that have ended count for nothing", async () => {
    const user = await quickPerson();
    const ids = await insertSessions(world.db, user, 100, now());
    await writeSession(world.db, ids[50] ?? "", { idleExpiresAt: now() });
    await writeSession(world.db, ids[60] ?? "", { revokedAt: now(), revokedReason: "logged_out" });
    world.clock.advance(1_000);
    await enter(user, quick());
    await enter(user, quick());
    expect(await endingsOf(world.db, user.id)).toEqual([]);
    await enter(user, quick());
    expect(await endingsOf(world.db, user.id)).toHaveLength(1);
  });

  it("twenty simultaneous log-ins leave a hundred: the twenty, and the eighty last used", async () => {
    const user = await quickPerson();
    const ids = await insertSessions(world.db, user, 100, now());
    world.clock.advance(1_000);
    const entered = await times(20, () => enter(user, quick()));
    const live = (await liveOf(user.id)).map(({ id }) => id);
    expect(live.sort()).toEqual([...ids.slice(20), ...entered.map(({ session }) => session.id)].sort());
    const endings = await endingsOf(world.db, user.id);
    expect(endings.map(({ sessionId }) => sessionId).sort()).toEqual(ids.slice(0, 20).sort());
    expect(new Set(endings.map(({ reason }) => reason))).toEqual(new Set(["replaced"]));
  });

  it("the one that is just made is never the one that goes, though all were used at the same moment", async () => {
    const user = await quickPerson();
    const ids = await insertSessions(world.db, user, 100, now());
    world.clock.advance(50);
    for (const id of ids) await writeSession(world.db, id, { lastSeenAt: now() });
    for (let turn = 0; turn < 20; turn += 1) {
      const { session } = await enter(user, quick());
      expect((await sessionRow(world.db, session.id)).revokedAt).toBeNull();
    }
    expect(await liveOf(user.id)).toHaveLength(100);
  });

  it("one person's cap is nobody else's", async () => {
    const crowd = await quickPerson();
    const single = await quickPerson();
    await insertSessions(world.db, crowd, 100, now());
    await enter(single, quick());
    expect(await endingsOf(world.db, crowd.id)).toEqual([]);
  });

  it("the holder of the one that went is told why", async () => {
    const user = await quickPerson();
    const first = await enter(user, quick());
    await insertSessions(world.db, user, 99, secondsAfter(now(), 1));
    world.clock.advance(1_000);
    await enter(user, quick());
    const input = { token: first.tokens.refresh, delivery: "json", retryKey: null, device: LAPTOP } as const;
    expect(await refreshSession(world.call({ now: now() }), input)).toEqual(refused.blacklisted("replaced"));
  });
});

describe("a log-in against a deactivation", () => {
  const deactivate = (user: User) => deactivateUser(world.call({ now: now() }), { userId: user.id });

  /** Whoever came first: no live session of an inactive person, and each session of theirs ended once. */
  async function expectShut(user: User, outcome: Awaited<ReturnType<typeof ask>>) {
    const rows = await sessionsOf(world.db, user.id);
    expect(rows.map(({ revokedReason }) => revokedReason)).toEqual(rows.map(() => "account_deactivated"));
    expect(await endingsOf(world.db, user.id)).toHaveLength(rows.length);
    if (outcome.kind !== "logged-in") {
      expect(outcome).toEqual(noAccount);
      expect(rows).toEqual([]);
      return;
    }
    expect(rows).toHaveLength(1);
    expect(await authenticate(world.call({ now: now() }), outcome.tokens.access)).toEqual(
      refused.bearer("Token is blacklisted", "account_deactivated"),
    );
    const input = {
      token: outcome.tokens.refresh,
      delivery: "json",
      retryKey: null,
      device: LAPTOP,
    } as const;
    expect(await refreshSession(world.call({ now: now() }), input)).toEqual(
      refused.blacklisted("account_deactivated"),
    );
  }

  it(`${ROUNDS} rounds: never leaves a live session of an inactive person`, async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const user = await quickPerson();
      const acts: (() => Promise<unknown>)[] = [
        () => ask(user.email, PASSWORD, quick()),
        () => deactivate(user),
      ];
      if (round % 2) acts.reverse();
      const outcomes = await Promise.all(acts.map((act) => act()));
      await expectShut(user, outcomes[round % 2] as Awaited<ReturnType<typeof ask>>);
    }
  });

  it.each([0, 1])("the same when the person's row is given to them in turn, %i", async (first) => {
    const user = await quickPerson();
    const acts: (() => Promise<unknown>)[] = [
      () => ask(user.email, PASSWORD, quick()),
      () => deactivate(user),
    ];
    if (first === 1) acts.reverse();
    const outcomes = await inLockOrder(world.db, { table: "users", id: user.id }, acts);
    const outcome = outcomes[first] as Awaited<ReturnType<typeof ask>>;
    expect(outcome.kind).toBe(first === 0 ? "logged-in" : "failure");
    await expectShut(user, outcome);
  });

  it("many at once, from both sides", async () => {
    const user = await quickPerson();
    const acts: (() => Promise<unknown>)[] = Array.from(
      { length: 16 },
      () => () => ask(user.email, PASSWORD, quick()),
    );
    acts.splice(8, 0, () => deactivate(user));
    await Promise.all(acts.map((act) => act()));
    expect(await liveOf(user.id)).toEqual([]);
    expect(await ask(user.email, PASSWORD, quick())).toEqual(noAccount);
  });
});
