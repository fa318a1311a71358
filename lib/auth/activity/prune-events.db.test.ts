import { sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Database, openDatabase } from "@/db/client.ts";
import { migrateDatabase } from "@/db/migrate.ts";
import type { User } from "@/db/queries/users.ts";
import { type App, createApp } from "@/lib/app/app.ts";
import { recordEvents } from "@/lib/audit/record.ts";
import { deleteAccount } from "@/lib/auth/account/delete-account.ts";
import { logOutUser } from "@/lib/auth/account/log-out-user.ts";
import { prune } from "@/lib/operations/prune.ts";
import { eventsOf, insertPerson, sessionRow } from "@/lib/testing/records.ts";
import { openSession, someone } from "@/lib/testing/wire.ts";
import { createWorld, PASSWORD, SECRET, settingsFrom } from "@/lib/testing/world.ts";
import { pruneEvents } from "./prune-events.ts";

const THIRTY_DAYS = 30 * 24 * 60 * 60;
const HALF_A_YEAR = 180 * 24 * 60 * 60;

const world = createWorld();
const now = () => world.clock.now();
const pruneNow = () => pruneEvents(world.call({ now: now() }));
const record = (user: User, ip: string | null, db: Database = world.db) =>
  recordEvents(db, [{ type: "code.wrong", userId: user.id, device: { ip, userAgent: "" } }], now());
const addresses = async (user: User) => (await eventsOf(world.db, user.id)).map(({ ip }) => ip);

let user: User;
beforeEach(async () => {
  await world.db.$client`truncate audit_events`;
  user = await insertPerson(world.db);
});

describe("2. an account that may change the trail", () => {
  it("deletes what is older than 180 days, and not a moment earlier", async () => {
    await record(user, null);
    world.clock.advance(HALF_A_YEAR);
    expect(await pruneNow()).toEqual({ kind: "pruned", deleted: 0, shortened: 0 });
    world.clock.advance(1);
    await record(user, null);
    expect(await pruneNow()).toEqual({ kind: "pruned", deleted: 1, shortened: 0 });
    expect(await eventsOf(world.db, user.id)).toHaveLength(1);
  });

  it("shortens addresses that are older than 30 days, once, and changes nothing else", async () => {
    for (const ip of ["203.0.113.77", "2001:db8:1:2:3:4:5:6", "::ffff:203.0.113.77", null])
      await record(user, ip);
    world.clock.advance(THIRTY_DAYS);
    expect(await pruneNow()).toMatchObject({ shortened: 0 });
    const before = await eventsOf(world.db, user.id);
    world.clock.advance(1);
    await record(user, "203.0.113.78");
    expect(await pruneNow()).toEqual({ kind: "pruned", deleted: 0, shortened: 3 });
    expect((await addresses(user)).slice(0, 4).sort()).toEqual(
      ["2001:db8:1::/48", "203.0.113.0/24", "::/48", null].sort(),
    );
    expect((await addresses(user)).at(-1)).toBe("203.0.113.78");
    const after = (await eventsOf(world.db, user.id)).slice(0, 4);
    expect(after.map((event) => ({ ...event, ip: null }))).toEqual(
      before.map((event) => ({ ...event, ip: null })),
    );
    expect(await pruneNow()).toMatchObject({ shortened: 0 });
  });

  it("goes on batch after batch, and shares the work with others so that each event counts once", async () => {
    const many = Array(1_203).fill({
      type: "login.failed",
      userId: user.id,
      device: { ip: "192.0.2.9", userAgent: "" },
    });
    await recordEvents(world.db, many, now());
    world.clock.advance(THIRTY_DAYS + 1);
    const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
    const counts = async (of: "deleted" | "shortened") => {
      const pruned = await Promise.all([pruneNow(), pruneNow(), pruneNow()]);
      return sum(pruned.map((each) => (each.kind === "pruned" ? each[of] : 0)));
    };
    expect(await counts("shortened")).toBe(1_203);
    world.clock.advance(HALF_A_YEAR);
    expect(await counts("deleted")).toBe(1_203);
  });
});

describe("1. an account that may only add to the trail", () => {
  let app: App;
  let close: () => Promise<void>;
  beforeAll(async () => {
    const role = `keyturn_app_${Math.floor(performance.now())}`;
    const [name] = await world.db.execute<{ name: string }>(sql`select current_database() as name`);
    const grants = [
      `create role ${role} login password 'app'`,
      `grant connect on database ${name?.name} to ${role}`,
      `grant usage on schema public, drizzle to ${role}`,
      `grant select on all tables in schema drizzle to ${role}`,
      `grant select, insert, update, delete on all tables in schema public to ${role}`,
      `revoke update, delete on audit_events from ${role}`,
    ];
    for (const grant of grants) await world.db.execute(sql.raw(grant));
    const connection =
      typeof world.connection === "string"
        ? Object.assign(new URL(world.connection), { username: role, password: "app" }).href
        : { ...world.connection, user: role, password: "app" };
    expect(await migrateDatabase(connection)).toEqual({ applied: 0 });
    const opened = openDatabase(connection, { maxConnections: 4, prepare: true });
    app = await createApp(settingsFrom({ RATE_LIMITS: "off" }), SECRET, {
      db: opened.db,
      clock: world.clock,
    });
    close = async () => {
      await opened.close();
      await world.db.execute(sql.raw(`drop owned by ${role}`));
      await world.db.execute(sql.raw(`drop role ${role}`));
    };
  });
  afterAll(() => close());

  it("can serve: log-in and log-out are recorded", async () => {
    const { session } = await openSession(app, user);
    expect(await logOutUser(world.call({ app, now: now() }), { userId: user.id })).toBe(1);
    const types = (await eventsOf(world.db, user.id)).map(({ type }) => type);
    expect(types.sort()).toEqual(["login.succeeded", "session.revoked", "user.logged_out"]);
    expect((await sessionRow(world.db, session.id)).revokedReason).toBe("revoked_by_admin");
  });

  it.each([
    "update audit_events set type = 'login.failed'",
    "update audit_events set ip = null",
    "delete from audit_events",
    "truncate audit_events",
    "drop table audit_events",
    "alter table audit_events disable trigger all",
    "create table mine (id int)",
  ])("cannot %s", async (statement) => {
    await record(user, "192.0.2.1", app.db);
    const before = await eventsOf(world.db, user.id);
    await expect(app.db.execute(sql.raw(statement))).rejects.toMatchObject({ cause: { code: "42501" } });
    expect(await eventsOf(world.db, user.id)).toEqual(before);
  });

  it("lets a person delete their account, and leaves what the trail says of them to the owner's account", async () => {
    const holder = await app.passwords.hash(PASSWORD);
    if (holder.kind !== "hashed") throw new Error(holder.kind);
    const leaver = await openSession(
      app,
      await insertPerson(world.db, { passwordHash: holder.passwordHash }),
    );
    expect(await deleteAccount(world.call({ app, principal: leaver, now: now() }), PASSWORD)).toEqual({
      kind: "deleted",
    });
    expect((await eventsOf(world.db, leaver.user.id)).map(({ type }) => type)).toEqual(
      expect.arrayContaining(["login.succeeded", "user.deleted"]),
    );
    await record(user, null);
    expect(await pruneNow()).toMatchObject({ deleted: 1 });
    expect((await eventsOf(world.db, leaver.user.id)).map(({ type }) => type)).toEqual(["user.deleted"]);
    expect(await eventsOf(world.db, user.id)).toHaveLength(1);
  });

  it("prunes everything else and leaves the trail as it is, which the owner's account then prunes", async () => {
    const { session } = await someone(world);
    await record(user, "192.0.2.1", app.db);
    world.clock.advance(HALF_A_YEAR + 1);
    const length = (await eventsOf(world.db, user.id)).length;
    const pruned = await prune(app, now());
    expect(pruned.events).toEqual({ kind: "append-only" });
    expect(pruned.sessions).toBeGreaterThan(0);
    await expect(sessionRow(world.db, session.id)).rejects.toThrow();
    expect(await eventsOf(world.db, user.id)).toHaveLength(length);
    expect((await prune(world.app, now())).events).toMatchObject({ kind: "pruned" });
    expect(await eventsOf(world.db, user.id)).toEqual([]);
  });
});
