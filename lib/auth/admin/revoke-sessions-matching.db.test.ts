import { sql } from "drizzle-orm";
import { beforeEach, describe, expect, it } from "vitest";
import { refreshSession } from "@/lib/auth/rotation/refresh-session.ts";
import { authenticate } from "@/lib/auth/sessions/authenticate.ts";
import { createSession } from "@/lib/auth/sessions/create-session.ts";
import { logOutEverywhere } from "@/lib/auth/sessions/log-out.ts";
import { randomUUID } from "@/lib/base/crypto.ts";
import { RevokeSessionsRequest, type SessionRevocation } from "@/lib/contract/admin-filters.ts";
import { actsOn, someAdmin } from "@/lib/testing/admins.ts";
import { countWaiting } from "@/lib/testing/lock-order.ts";
import { openFrom, someApplication } from "@/lib/testing/opened-applications.ts";
import {
  eventsOf,
  insertPerson,
  insertSessions,
  sessionRow,
  sessionsOf,
  writeSession,
} from "@/lib/testing/records.ts";
import { type Holder, openSession, someone, times } from "@/lib/testing/wire.ts";
import { createWorld, LAPTOP } from "@/lib/testing/world.ts";
import { logOutUser } from "./log-out-user.ts";
import { revokeSession } from "./revoke-session.ts";
import { countSessionsMatching, revokeSessionsMatching } from "./revoke-sessions-matching.ts";

const world = createWorld();
const NOBODY = "0199c5a0-0000-7000-8000-000000000000";
const now = () => world.clock.now();

let admin: Holder;
beforeEach(async () => {
  await world.db.$client`truncate users, audit_events cascade`;
  admin = await someAdmin(world);
});

const revoke = (revocation: SessionRevocation, by = admin) =>
  revokeSessionsMatching(world.call({ principal: by, now: now() }), revocation);
const liveCount = async () => {
  const [row] = await world.db.$client`select count(*)::int as n from sessions where revoked_at is null`;
  return row?.n as number;
};
const recorded = async (type: string) =>
  world.db.$client`select actor_id, user_id, session_id, data from audit_events where type = ${type}`;

describe("the filter", () => {
  it.each([
    ["is missing", undefined],
    ["is empty", {}],
    ["is null", null],
    ["is a list", []],
    ["says everyone, but not true", { everyone: "true" }],
    ["says everyone and more", { everyone: true, user: NOBODY }],
    ["is a state, which leaves nobody out", { state: "outstanding" }],
    ["is unknown", { role: "user" }],
    ["is unknown beside a known one", { user: NOBODY, role: "user" }],
    ["has a bad value", { user: "x" }],
    ["is no application", { application: "My shop" }],
    ["is the whole Internet", { ip: "0.0.0.0/0" }],
    ["is empty text", { user: "" }],
  ])("that %s is refused", (_, filter) => {
    const parsed = RevokeSessionsRequest.safeParse({ filter, reason: "x" });
    expect(parsed.error?.issues.map(({ path }) => path[0])).toEqual(["filter"]);
  });

  it.each([
    [undefined],
    [""],
    ["   "],
    [null],
    [7],
    ["x".repeat(201)],
    ["a\0b"],
  ])("needs a reason, and %j is none", (reason) => {
    const parsed = RevokeSessionsRequest.safeParse({ filter: { everyone: true }, reason });
    expect(parsed.error?.issues.map(({ path }) => path)).toEqual([["reason"]]);
  });
});

describe("2. a count that was confirmed", () => {
  it("must still be right, else nothing ends", async () => {
    const { user } = await someone(world);
    const filter = { user: { id: user.id } };
    expect(await countSessionsMatching(world.call({ principal: admin, now: now() }), filter)).toEqual({
      kind: "counted",
      count: 1,
    });
    await openSession(world.app, user);
    expect(await revoke({ filter, reason: "x", count: 1 })).toEqual({
      kind: "invalid-fields",
      fields: { count: ["2 sessions match by now, not 1."] },
    });
    expect(await liveCount()).toBe(3);
    expect(await recorded("sessions.revoked")).toHaveLength(0);
    expect(await revoke({ filter, reason: "x", count: 2 })).toEqual({ kind: "revoked", count: 2 });
  });
});

describe("3. a filter that means no live session", () => {
  it.each([
    { user: { email: "nobody@example.com" } },
    { user: { id: NOBODY } },
    { reason: "logged_out" },
    { ip: "10.0.0.1" },
    { application: NOBODY },
  ] as SessionRevocation["filter"][])("%j ends none", async (filter) => {
    await someone(world);
    expect(await revoke({ filter, reason: "x", count: 0 })).toEqual({ kind: "revoked", count: 0 });
    expect(await liveCount()).toBe(2);
  });

  it("blacklisted or expired sessions of a person leave the live ones alone", async () => {
    const { user } = await someone(world);
    for (const state of ["blacklisted", "expired"] as const) {
      expect(await revoke({ filter: { user: { id: user.id }, state }, reason: "x" })).toEqual({
        kind: "revoked",
        count: 0,
      });
    }
    expect(await liveCount()).toBe(2);
  });
});

describe("4. matching sessions", () => {
  it("of a person end, with who did it and why; nobody else's do", async () => {
    const { user, session } = await someone(world);
    const stranger = await someone(world);
    const filter = { user: { email: user.email }, state: "outstanding" } as const;
    expect(await revoke({ filter, reason: "lost laptop" })).toEqual({ kind: "revoked", count: 1 });
    expect(await sessionRow(world.db, session.id)).toMatchObject({
      revokedAt: now(),
      revokedReason: "revoked_by_admin",
    });
    expect(await sessionsOf(world.db, stranger.user.id)).toEqual([stranger.session]);
    const why = "lost laptop";
    expect(await actsOn(world, user.id)).toEqual([
      {
        type: "session.revoked",
        actorId: admin.user.id,
        sessionId: session.id,
        data: { reason: "revoked_by_admin", why },
      },
    ]);
    const data = { why, count: 1, filter: JSON.stringify({ userId: user.id }) };
    expect([...(await recorded("sessions.revoked"))]).toEqual([
      { actor_id: admin.user.id, user_id: null, session_id: null, data },
    ]);
  });

  it("from a network end, and those from elsewhere stay", async () => {
    const { user } = await someone(world);
    await openSession(world.app, user, { ...LAPTOP, ip: "203.0.113.9" });
    const there = await openSession(world.app, user, { ...LAPTOP, ip: "2001:db8:1::9" });
    expect(await revoke({ filter: { ip: "203.0.113.0/24" }, reason: "x" })).toEqual({
      kind: "revoked",
      count: 1,
    });
    expect(await revoke({ filter: { ip: "2001:db8:1::9" }, reason: "x" })).toEqual({
      kind: "revoked",
      count: 1,
    });
    expect((await sessionRow(world.db, there.session.id)).revokedReason).toBe("revoked_by_admin");
    expect(await liveCount()).toBe(2);
  });

  it("of everybody end, 12,000 of them, the admin's own too, each on record once; ended ones stay as they were", async () => {
    const { user, session } = await someone(world);
    await world.db
      .$client`update sessions set revoked_at = created_at, revoked_reason = 'logged_out' where id = ${session.id}`;
    const crowd = await insertPerson(world.db);
    for (let part = 0; part < 12; part += 1) await insertSessions(world.db, crowd, 1_000, now());
    await world.db
      .$client`update sessions set created_at = ${now().toISOString()} where user_id = ${crowd.id}`;
    expect(await revoke({ filter: { everyone: true }, reason: "breach", count: 12_001 })).toEqual({
      kind: "revoked",
      count: 12_001,
    });
    expect(await liveCount()).toBe(0);
    const [events] = await world.db
      .$client`select count(*)::int as n, count(distinct session_id)::int as sessions
      from audit_events where type = 'session.revoked'`;
    expect(events).toEqual({ n: 12_001, sessions: 12_001 });
    expect((await sessionsOf(world.db, user.id))[0]?.revokedReason).toBe("logged_out");
    expect(await authenticate(world.call({ now: now() }), admin.tokens.access)).toMatchObject({
      extra: { reason: "revoked_by_admin" },
    });
  });

  it("end once where two admins end them at once, and refreshes of the moment bring none back", async () => {
    const other = await someAdmin(world);
    const holders = await times(20, () => someone(world));
    const refresh = ({ tokens }: Holder) =>
      refreshSession(world.call({ now: now() }), {
        token: tokens.refresh,
        delivery: "json",
        retryKey: null,
        device: LAPTOP,
      });
    const [one, two, ...refreshed] = await Promise.all([
      revoke({ filter: { everyone: true }, reason: "x" }),
      revoke({ filter: { everyone: true }, reason: "x" }, other),
      ...holders.map(refresh),
    ]);
    const counts = [one, two].map((outcome) => (outcome.kind === "revoked" ? outcome.count : -1));
    expect(counts.reduce((sum, count) => sum + count)).toBe(22);
    expect(refreshed).toHaveLength(20);
    expect(await liveCount()).toBe(0);
    expect(await recorded("session.revoked")).toHaveLength(22);
  });

  it("of an application end, and the browsers that they were opened from stay", async () => {
    const [shop, bakery] = [await someApplication(world.app), await someApplication(world.app, "Bakery")];
    const holder = await someone(world);
    const [own, other] = [await openFrom(world.app, holder, shop), await openFrom(world.app, holder, bakery)];
    const filter = { application: shop.client_id };
    expect(await revoke({ filter, reason: "x", count: 1 })).toEqual({ kind: "revoked", count: 1 });
    const ended = (await sessionsOf(world.db, holder.user.id)).filter(({ revokedAt }) => revokedAt);
    expect(ended.map(({ id }) => id)).toEqual([own.id]);
    expect((await sessionRow(world.db, other.id)).revokedAt).toBeNull();
    const [{ data } = { data: {} }] = await recorded("sessions.revoked");
    expect(data.filter).toBe(JSON.stringify({ applicationId: shop.client_id }));
  });

  it("take what applications opened from them along, wherever that was used since, each on record once", async () => {
    const shop = await someApplication(world.app);
    const ip = "203.0.113.9";
    const holder = await openSession(world.app, await insertPerson(world.db), { ...LAPTOP, ip });
    const [here, elsewhere] = [
      await openFrom(world.app, holder, shop),
      await openFrom(world.app, holder, shop),
    ];
    await writeSession(world.db, elsewhere.id, { ip: "198.51.100.20" });
    const stranger = await openFrom(world.app, await someone(world), shop);
    expect(await revoke({ filter: { ip }, reason: "x", count: 2 })).toEqual({ kind: "revoked", count: 2 });
    const ids = [holder.session.id, here.id, elsewhere.id];
    for (const id of ids) expect((await sessionRow(world.db, id)).revokedReason).toBe("revoked_by_admin");
    expect((await sessionRow(world.db, stranger.id)).revokedAt).toBeNull();
    const events = await recorded("session.revoked");
    expect(events.map(({ session_id }) => session_id).sort()).toEqual(ids.sort());
  });

  it("take along what is opened while they are waited for, and what is held itself", async () => {
    const shop = await someApplication(world.app);
    const holder = await someone(world);
    const held = await openFrom(world.app, holder, shop);
    await writeSession(world.db, held.id, { ip: "198.51.100.20" });
    const filter = { ip: LAPTOP.ip ?? "", user: { id: holder.user.id } };
    let revoking: ReturnType<typeof revoke> | undefined;
    await world.db.transaction(async (transaction) => {
      const both = sql`id in (${holder.session.id}, ${held.id})`;
      await transaction.execute(sql`select 1 from sessions where ${both} for no key update`);
      revoking = revoke({ filter, reason: "x" });
      while ((await countWaiting(world.db)) === 0);
      world.clock.advance(1);
      const { client_id: id, name } = shop;
      const opened = { id: randomUUID(), from: holder.session, application: { id, name }, scope: "" };
      await createSession(transaction, world.call(), { user: holder.user, amr: [], opened });
    });
    expect(await revoking).toEqual({ kind: "revoked", count: 1 });
    const rows = await sessionsOf(world.db, holder.user.id);
    expect(rows.map(({ revokedReason }) => revokedReason)).toEqual(Array(3).fill("revoked_by_admin"));
  });

  it("that were ended by a call which broke off then lose what they opened by the same call again", async () => {
    const holder = await someone(world);
    const opened = await openFrom(world.app, holder, await someApplication(world.app));
    await writeSession(world.db, opened.id, { ip: "198.51.100.20" });
    await writeSession(world.db, holder.session.id, { revokedAt: now(), revokedReason: "revoked_by_admin" });
    const filter = { ip: LAPTOP.ip ?? "", user: { id: holder.user.id } };
    expect(await revoke({ filter, reason: "x" })).toEqual({ kind: "revoked", count: 0 });
    expect((await sessionRow(world.db, opened.id)).revokedReason).toBe("revoked_by_admin");
  });

  it("end without a deadlock while their people log out everywhere and use what was opened", async () => {
    const shop = await someApplication(world.app);
    const holders = await times(10, () => someone(world));
    await Promise.all(
      holders.flatMap((holder) => [openFrom(world.app, holder, shop), openFrom(world.app, holder, shop)]),
    );
    const outcomes = await Promise.allSettled([
      revoke({ filter: { ip: "192.0.2.0/24" }, reason: "x" }),
      revoke({ filter: { everyone: true }, reason: "x" }),
      ...holders.map((principal) => logOutEverywhere(world.call({ principal }))),
    ]);
    expect(outcomes.filter(({ status }) => status === "rejected")).toEqual([]);
    expect(await liveCount()).toBe(0);
    const events = await recorded("session.revoked");
    expect(new Set(events.map(({ session_id }) => session_id)).size).toBe(events.length);
    expect(events).toHaveLength(31);
  });

  it("that somebody else holds locked are waited for, and end as well", async () => {
    const { session } = await someone(world);
    let revoking: ReturnType<typeof revoke> | undefined;
    await world.db.transaction(async (transaction) => {
      await transaction.execute(sql`update sessions set last_seen_at = now() where id = ${session.id}`);
      revoking = revoke({ filter: { everyone: true }, reason: "x" });
      while ((await countWaiting(world.db)) === 0);
    });
    expect(await revoking).toEqual({ kind: "revoked", count: 2 });
    expect(await liveCount()).toBe(0);
  });
});

describe("one session, and one person", () => {
  it("a session ends once, whosever it is, on record with who did it and why", async () => {
    const { user, session, tokens } = await someone(world);
    const act = () =>
      revokeSession(world.call({ principal: admin, now: now() }), { sessionId: session.id, why: "stolen" });
    const both = await Promise.all([act(), act()]);
    expect(both.map(({ kind }) => kind).sort()).toEqual(["failure", "revoked"]);
    expect(await authenticate(world.call({ now: now() }), tokens.access)).toMatchObject({
      extra: { reason: "revoked_by_admin" },
    });
    expect(await actsOn(world, user.id)).toEqual([
      {
        type: "session.revoked",
        actorId: admin.user.id,
        sessionId: session.id,
        data: { reason: "revoked_by_admin", why: "stolen" },
      },
    ]);
    const missing = await revokeSession(world.call({ principal: admin, now: now() }), { sessionId: NOBODY });
    expect(missing).toMatchObject({ code: "not_found" });
  });

  it("a person is logged out everywhere and may come back", async () => {
    const { user } = await someone(world);
    await openSession(world.app, user);
    const act = (userId: string) =>
      logOutUser(world.call({ principal: admin, now: now() }), { userId, why: "x" });
    expect(await act(user.id)).toEqual({ kind: "logged-out", count: 2 });
    expect(await act(user.id)).toEqual({ kind: "logged-out", count: 0 });
    expect(await act(NOBODY)).toMatchObject({ code: "not_found" });
    const acts = (await eventsOf(world.db, user.id)).filter(({ type }) => type === "user.logged_out");
    expect(acts.map(({ actorId, data }) => ({ actorId, data }))).toEqual(
      expect.arrayContaining([2, 0].map((count) => ({ actorId: admin.user.id, data: { count, why: "x" } }))),
    );
    await openSession(world.app, user);
  });
});
