import { sql } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { deleteUser, type User } from "@/db/queries/users.ts";
import { type Device, recordEvents } from "@/lib/audit/record.ts";
import { openChallenge } from "@/lib/auth/challenges/open-challenge.ts";
import { trustDevice } from "@/lib/auth/devices/trust-device.ts";
import { sendCode } from "@/lib/auth/factors/send-code.ts";
import { startStepUp, stepUpWithPassword, stepUpWithProof } from "@/lib/auth/log-in/step-up.ts";
import { refreshSession } from "@/lib/auth/rotation/refresh-session.ts";
import { logOut } from "@/lib/auth/sessions/log-out.ts";
import { pruneSessions } from "@/lib/auth/sessions/prune-sessions.ts";
import { revokeOtherSessions } from "@/lib/auth/sessions/revoke-own-sessions.ts";
import { secondsAfter } from "@/lib/base/clock.ts";
import { randomUUID } from "@/lib/base/crypto.ts";
import { pruneRevocations } from "@/lib/operations/prune-revocations.ts";
import { freshAddress, proveChange, robbed, startChange } from "@/lib/testing/email-change.ts";
import { setUpPasskey, setUpTotp } from "@/lib/testing/factors.ts";
import { countWaiting, inLockOrder } from "@/lib/testing/lock-order.ts";
import { lastCodeTo, mailsTo, subjectsTo } from "@/lib/testing/mailbox.ts";
import { eventsOf, sessionRow, sessionsOf, userRow, writeUser } from "@/lib/testing/records.ts";
import { asTyped, createTwoStepWorld, PHONE, THIEF } from "@/lib/testing/two-step.ts";
import { type Holder, openSession, refused, times } from "@/lib/testing/wire.ts";
import { LAPTOP, PASSWORD } from "@/lib/testing/world.ts";
import { deleteAccount } from "./delete-account.ts";
import { renameUser } from "./rename-user.ts";

const world = createTwoStepWorld();

/** A device that only one person of these tests has. */
const UNIQUE = { ip: "198.51.100.77", userAgent: "Unique/7.7", location: "Uniquetown, Germany" };

const remove = (who: Holder, { password = PASSWORD, app = world.app } = {}) =>
  deleteAccount(world.call({ app, principal: who }), password);

async function someone(columns: Partial<User> = {}, device: Device = LAPTOP): Promise<Holder> {
  return openSession(world.app, await world.person(columns), device);
}

async function isGone({ user }: Holder): Promise<boolean> {
  const [row] = await world.db.execute(sql`select from users where id = ${user.id}`);
  return row === undefined;
}

/** Every row of every table that holds one of `texts` anywhere, by table. */
async function tracesOf(texts: string[]): Promise<string[]> {
  const tables = await world.db.execute<{ name: string }>(
    sql`select table_name as name from information_schema.tables where table_schema = 'public'`,
  );
  const found: string[] = [];
  for (const { name } of tables) {
    const rows = await world.db.execute<{ line: string }>(
      sql`select to_jsonb(each)::text as line from ${sql.identifier(name)} as each`,
    );
    found.push(...rows.filter(({ line }) => texts.some((text) => line.includes(text))).map(() => name));
  }
  return found;
}

describe("1. a log-in that is too long ago", () => {
  it("asks to be confirmed, whatever the password, and deletes nothing", async () => {
    const who = await someone();
    const session = { ...who.session, authenticatedAt: secondsAfter(world.clock.now(), -10 * 60) };
    for (const password of [PASSWORD, "wrong"]) {
      expect(await remove({ ...who, session }, { password })).toMatchObject({
        code: "recent_login_required",
      });
    }
    expect(await isGone(who)).toBe(false);
  });
});

describe("2. a wrong password", () => {
  it.each(["wrong", "", PASSWORD.toUpperCase()])("%j deletes nothing", async (password) => {
    const who = await someone();
    expect(await remove(who, { password })).toEqual({
      kind: "invalid-fields",
      fields: { password: ["That password is not right."] },
    });
    expect(await isGone(who)).toBe(false);
  });

  it("is counted: after ten the right one waits too, and so does a step-up", async () => {
    const { app: strict } = await world.process({ RATE_LIMITS: "on" });
    const who = await someone();
    for (let i = 0; i < 10; i += 1) await remove(who, { password: "wrong", app: strict });
    expect(await remove(who, { password: "wrong", app: strict })).toMatchObject({ code: "throttled" });
    expect(await remove(who, { app: strict })).toMatchObject({ code: "throttled" });
    expect(await isGone(who)).toBe(false);
  });

  it("hashing is busy: nothing is deleted", async () => {
    const who = await someone();
    const busy = {
      ...world.app,
      passwords: { ...world.app.passwords, verify: async () => ({ kind: "busy" as const }) },
    };
    expect(await remove(who, { app: busy })).toMatchObject({ code: "unavailable" });
    expect(await isGone(who)).toBe(false);
  });
});

describe("3. an account that is gone or inactive by now", () => {
  it("of ten simultaneous calls one deletes, the others are refused", async () => {
    const who = await someone();
    const outcomes = await times(10, () => remove(who));
    expect(outcomes.filter(({ kind }) => kind === "deleted")).toHaveLength(1);
    for (const outcome of outcomes) {
      if (outcome.kind !== "deleted") expect(outcome).toEqual(refused.bearer("Token is invalid"));
    }
    expect(await eventsOf(world.db, who.user.id)).toHaveLength(1);
  });

  it("one that an admin made inactive stays, for the admin to look at", async () => {
    const who = await someone();
    await writeUser(world.db, who.user.id, { isActive: false });
    expect(await remove(who)).toMatchObject({ code: "token_not_valid" });
    expect(await isGone(who)).toBe(false);
  });
});

describe("4. a password that changes while it is verified", () => {
  it("is a wrong one", async () => {
    const who = await someone();
    const { passwordHash } = await world.person({ passwordHash: "another" });
    const changing = {
      ...world.app,
      passwords: {
        ...world.app.passwords,
        verify: async () => {
          await writeUser(world.db, who.user.id, { passwordHash });
          return { kind: "match" as const };
        },
      },
    };
    expect(await remove(who, { app: changing })).toMatchObject({ kind: "invalid-fields" });
    expect(await isGone(who)).toBe(false);
  });
});

describe("5. the last active admin", () => {
  it("stays, and is told what to do", async () => {
    const admin = await someone({ role: "admin" });
    const inactive = await world.person({ role: "admin", isActive: false });
    expect(await remove(admin)).toEqual({
      kind: "failure",
      code: "permission_denied",
      detail: "You are the last administrator. Make somebody else one before you delete your account.",
    });
    expect(await isGone(admin)).toBe(false);
    await writeUser(world.db, inactive.id, { isActive: true });
    expect(await remove(admin)).toEqual({ kind: "deleted" });
    await writeUser(world.db, inactive.id, { role: "user" });
  });

  it("of two simultaneous deletions of the last two admins one stays", async () => {
    for (let round = 0; round < 5; round += 1) {
      const admins = [await someone({ role: "admin" }), await someone({ role: "admin" })];
      const outcomes = await Promise.all(admins.map((admin) => remove(admin)));
      expect(outcomes.map((outcome) => ("code" in outcome ? outcome.code : outcome.kind)).sort()).toEqual([
        "deleted",
        "permission_denied",
      ]);
      const stays = await Promise.all(admins.map(isGone));
      expect(stays.sort()).toEqual([false, true]);
      await world.db.execute(sql`update users set role = 'user' where role = 'admin'`);
    }
  });
});

describe("6. everything is gone", () => {
  it("no table holds a trace but one line of the audit trail, with the id and nothing else, for some days which sessions ended, and the last mail", async () => {
    const email = "unique-person@example.com";
    const who = await someone({ email, name: "Unique Name" }, UNIQUE);
    const now = world.clock.now();
    const ended = await openSession(world.app, who.user, UNIQUE);
    await logOut(world.call({ device: UNIQUE, now }), { access: ended.tokens.access, refresh: null });
    await trustDevice(world.db, who.user.id, { device: UNIQUE, now });
    await startStepUp(world.call({ principal: who, device: UNIQUE, now }));
    await renameUser(world.call({ principal: who, device: UNIQUE, now }), "Unique Name Too");
    await setUpPasskey(world.call({ principal: who, device: UNIQUE, now }));
    const strong = { ...who, session: await sessionRow(world.db, who.session.id) };
    await setUpTotp(world.call({ principal: strong, device: UNIQUE, now }));
    await startStepUp(world.call({ principal: strong, device: UNIQUE, now }));
    await trustDevice(world.db, who.user.id, { device: UNIQUE, now });
    const registration = { email, name: "Unique Name", passwordHash: "a unique hash" };
    const proof = { purpose: "register", userId: null, pending: registration, lifetimeSeconds: 60 } as const;
    await openChallenge(world.db, proof, now);
    await world.db.execute(sql`update challenges set consumed_at = created_at where email = ${email}`);
    await world.db.execute(
      sql`insert into outbox (id, recipient, kind, state, created_at, next_attempt_at, expires_at)
          values (${randomUUID()}, ${email.toUpperCase()}, 'code', 'sent', now(), now(), now())`,
    );
    const texts = [who.user.id, email, email.toUpperCase(), "Unique", UNIQUE.ip, "a unique hash"];
    expect(new Set(await tracesOf(texts))).toEqual(
      new Set([
        "users",
        "sessions",
        "challenges",
        "trusted_devices",
        "known_devices",
        "passkeys",
        "totp_secrets",
        "recovery_codes",
        "outbox",
        "revocations",
        "audit_events",
      ]),
    );

    expect(await remove(who)).toEqual({ kind: "deleted" });
    expect(new Set(await tracesOf(texts))).toEqual(new Set(["audit_events", "revocations", "outbox"]));
    expect(await subjectsTo(world.app, email)).toEqual(["Your account was deleted"]);
    await world.db.execute(sql`delete from outbox where recipient = ${email} and user_id is null`);
    const [told] = await world.db.$client`select * from revocations where session_id = ${who.session.id}`;
    expect(told).toMatchObject({ user_id: who.user.id, reason: "account_deleted" });
    await pruneRevocations(world.app, secondsAfter(now, 3 * 24 * 60 * 60));
    expect(await tracesOf(texts)).toEqual(["audit_events"]);
    expect(await eventsOf(world.db, who.user.id)).toEqual([
      {
        id: expect.any(String),
        type: "user.deleted",
        createdAt: now,
        userId: who.user.id,
        actorId: null,
        sessionId: null,
        ip: null,
        userAgent: null,
        data: {},
      },
    ]);
  });

  it("the tokens open nothing any more, and the address can be had anew", async () => {
    const who = await someone();
    await remove(who);
    const { tokens } = who;
    const input = { token: tokens.refresh, delivery: "cookie", retryKey: null, device: LAPTOP } as const;
    expect(await refreshSession(world.call(), input)).toEqual(refused.invalid);
    expect(await world.logIn(who.user)).toMatchObject({ code: "no_active_account" });
    const again = await world.person({ email: who.user.email });
    expect(again.id).not.toBe(who.user.id);
  });

  it("an open registration for the same address is somebody's who waits, and stays", async () => {
    const who = await someone();
    const { email } = who.user;
    const pending = { email: email.toUpperCase(), name: "Somebody", passwordHash: "hash" };
    const proof = { purpose: "register", userId: null, pending, lifetimeSeconds: 60 } as const;
    await openChallenge(world.db, proof, world.clock.now());
    const other = await world.person();
    const change = {
      purpose: "email-change",
      userId: other.id,
      pending: { email },
      lifetimeSeconds: 60,
    } as const;
    await openChallenge(world.db, change, world.clock.now());
    await remove(who);
    const rows = await world.db.execute(sql`select from challenges where lower(email) = ${email}`);
    expect(rows).toHaveLength(2);
  });

  it("others keep what is theirs; what an admin did to them stays on record, without where from", async () => {
    await world.person({ role: "admin" });
    const admin = await someone({ role: "admin" });
    const other = await someone({}, PHONE);
    const event = {
      type: "user.logged_out",
      userId: other.user.id,
      actorId: admin.user.id,
      device: LAPTOP,
    } as const;
    await recordEvents(world.db, [event], world.clock.now());
    const before = await eventsOf(world.db, other.user.id);
    await remove(admin);
    const after = await eventsOf(world.db, other.user.id);
    expect(after).toEqual(
      before.map((row) => (row.actorId === admin.user.id ? { ...row, ip: null, userAgent: null } : row)),
    );
    expect(await userRow(world.db, other.user.id)).toEqual({ ...other.user, lastLoginAt: world.clock.now() });
    expect(await sessionsOf(world.db, other.user.id)).toHaveLength(1);
    await world.db.execute(sql`update users set role = 'user'`);
  });

  it("what a person did while they were an admin is anonymous too", async () => {
    const who = await someone();
    const other = await someone({}, PHONE);
    const demoted = { type: "user.role_changed", userId: who.user.id, data: { role: "user" } } as const;
    const act = {
      type: "user.renamed",
      userId: other.user.id,
      actorId: who.user.id,
      device: LAPTOP,
    } as const;
    await recordEvents(world.db, [demoted, act], world.clock.now());
    await remove(who);
    const renamed = (await eventsOf(world.db, other.user.id)).find(({ type }) => type === "user.renamed");
    expect(renamed).toMatchObject({ actorId: who.user.id, ip: null, userAgent: null });
  });
});

describe("6. the last mail", () => {
  const DELETED = "Your account was deleted";

  it("tells the address, is about nobody, and holds no link", async () => {
    const who = await someone();
    await remove(who);
    const [mail, ...more] = await mailsTo(world.app, who.user.email);
    expect(mail).toMatchObject({ subject: DELETED });
    expect(`${mail?.text}${mail?.html}`).not.toContain("token=");
    expect(more).toEqual([]);
    const [row] = await world.db.execute(
      sql`select user_id, state from outbox where recipient = ${who.user.email}`,
    );
    expect(row).toEqual({ user_id: null, state: "waiting" });
  });

  it("reaches the owner too whose address a thief changed first, after the notice that still waited", async () => {
    const { user, thief } = await robbed(world, THIEF);
    await remove(thief);
    expect(await subjectsTo(world.app, thief.user.email)).toEqual([DELETED]);
    const subjects = await subjectsTo(world.app, user.email);
    expect(new Set(subjects)).toEqual(
      new Set([DELETED, "The address of your account was changed", "New log-in to your account"]),
    );
  });

  it("is not written where nothing was deleted", async () => {
    const who = await someone();
    await remove(who, { password: "wrong" });
    expect(await mailsTo(world.app, who.user.email)).toEqual([]);
  });
});

describe("6. races: whatever happens at the same moment came before, and is gone too, or finds nobody", () => {
  const input = (token: string) => ({ token, delivery: "cookie", retryKey: null, device: LAPTOP }) as const;

  /** Every way in which `act` and a deletion can meet: each first, and several times as chance has it. */
  async function meet(act: (who: Holder) => Promise<unknown>, prepare = someone) {
    const outcomes: unknown[] = [];
    for (const order of ["deletion first", "act first", ...Array(8).fill("chance")]) {
      const who = await prepare();
      const acts = [() => remove(who) as Promise<unknown>, () => act(who)];
      if (order === "act first") acts.reverse();
      const both =
        order === "chance"
          ? await Promise.all(acts.map((each) => each()))
          : await inLockOrder(world.db, { table: "users", id: who.user.id }, acts);
      if (order === "act first") both.reverse();
      expect(both[0], order).toEqual({ kind: "deleted" });
      expect(await isGone(who)).toBe(true);
      const traces = await tracesOf([who.user.id]);
      expect(traces.filter((table) => table !== "revocations")).toEqual(["audit_events"]);
      expect(new Set(await tracesOf([who.user.email]))).toEqual(new Set(["outbox"]));
      outcomes.push(both[1]);
    }
    return outcomes as { kind: string; code?: string }[];
  }

  const codes = (outcomes: { kind: string; code?: string }[]) =>
    new Set(outcomes.map(({ kind, code }) => code ?? kind));

  it("a refresh", async () => {
    const met = await meet(({ tokens }) => refreshSession(world.call(), input(tokens.refresh)));
    for (const code of codes(met)) expect(["refreshed", "token_not_valid"]).toContain(code);
  });

  it("a refresh token that comes back, which tells the person by mail", async () => {
    const copied = new Map<string, string>();
    const met = await meet(
      ({ user }) => refreshSession(world.call(), input(copied.get(user.id) ?? "")),
      async () => {
        const who = await someone();
        const { tokens } = await openSession(world.app, who.user);
        copied.set(who.user.id, tokens.refresh);
        await refreshSession(world.call(), { ...input(tokens.refresh), delivery: "json" });
        world.clock.advance(60);
        return who;
      },
    );
    expect(codes(met)).toEqual(new Set(["token_not_valid"]));
  });

  it("a log-in without a second step", async () => {
    const met = await meet(
      ({ user }) => world.logIn(user),
      () => someone({ twoFactorEmail: false }),
    );
    for (const code of codes(met)) expect(["logged-in", "no_active_account"]).toContain(code);
  });

  it("a log-in that would ask for a code", async () => {
    const met = await meet(({ user }) => world.logIn(user));
    for (const code of codes(met)) expect(["two-factor-required", "no_active_account"]).toContain(code);
  });

  it("the right code", async () => {
    const started = new Map<string, { challenge: string; code: string }>();
    const met = await meet(
      ({ user }) => {
        const { challenge = "", code = "" } = started.get(user.id) ?? {};
        return world.answer(challenge, code);
      },
      async () => {
        const who = await someone();
        started.set(who.user.id, await world.start(who.user));
        return who;
      },
    );
    for (const code of codes(met)) expect(["logged-in", "challenge_not_valid"]).toContain(code);
  });

  it("the code for a new address", async () => {
    const started = new Map<string, { challenge: string; code: string }>();
    const met = await meet(
      (who) => proveChange(world, who, started.get(who.user.id) ?? { challenge: "", code: "" }),
      async () => {
        const who = await someone();
        started.set(who.user.id, await startChange(world, who, freshAddress()));
        return who;
      },
    );
    for (const code of codes(met)) expect(["changed", "token_not_valid"]).toContain(code);
  });

  it("a code that confirms the person, and a wrong password in its place", async () => {
    const started = new Map<string, { challenge: string; code: string }>();
    const prepare = async () => {
      const who = await someone();
      const sent = await startStepUp(world.call({ principal: who }));
      if (sent.kind !== "asked") throw new Error(`no code was sent: ${JSON.stringify(sent)}`);
      const { challenge } = sent.challenge;
      started.set(who.user.id, { challenge, code: await lastCodeTo(world.app, who.user.email) });
      return who;
    };
    const right = await meet((who) => {
      const answer = started.get(who.user.id) ?? { challenge: "", code: "" };
      return stepUpWithProof(world.call({ principal: who }), asTyped(answer));
    }, prepare);
    for (const code of codes(right)) expect(["stepped-up", "token_not_valid"]).toContain(code);
    const wrong = await meet((who) =>
      stepUpWithPassword(world.call({ principal: who, device: UNIQUE }), "wrong"),
    );
    expect(codes(wrong)).toEqual(new Set(["invalid-fields"]));
    expect(await tracesOf([UNIQUE.ip])).toEqual([]);
  });

  it("logging the other devices out, and a prune of what has ended", async () => {
    const met = await meet(
      async (who) => {
        const [revoked] = await Promise.all([
          revokeOtherSessions(world.call({ principal: who })),
          pruneSessions(world.call()),
        ]);
        return revoked;
      },
      async () => {
        const user = await world.person();
        for (let i = 0; i < 5; i += 1) await openSession(world.app, user, LAPTOP);
        await world.db.execute(
          sql`update sessions set revoked_at = now() - interval '90 days', revoked_reason = 'logged_out'
              where id = (select id from sessions where user_id = ${user.id} limit 1)`,
        );
        return openSession(world.app, user, LAPTOP);
      },
    );
    for (const code of codes(met)) expect(["revoked", "token_not_valid"]).toContain(code);
  });

  it("somebody who would register the same address: it is free by then, and gets a code", async () => {
    const { user } = await someone();
    const pending = { email: user.email, name: "", passwordHash: "hash" };
    const register = () =>
      world.db.transaction((transaction) => {
        const request = { purpose: "register", user: null, pending, device: PHONE } as const;
        return sendCode(transaction, world.call(), request);
      });
    let registering: ReturnType<typeof register> | undefined;
    await world.db.transaction(async (transaction) => {
      await deleteUser(transaction, user.id);
      registering = register();
      while ((await countWaiting(world.db)) < 1);
    });
    expect(await registering).toMatchObject({ kind: "sent" });
    const mails = await mailsTo(world.app, user.email);
    expect(mails.map(({ subject }) => subject)).toEqual(["Your code to confirm your address"]);
  });
});
