import { eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { recordStatements, type Sent } from "@/bench/kit/statements.ts";
import { type Database, openDatabase } from "@/db/client.ts";
import { sessions } from "@/db/schema.ts";
import { deactivateUser } from "@/lib/auth/account/deactivate-user.ts";
import { deleteAccount } from "@/lib/auth/account/delete-account.ts";
import { logOutEverywhere } from "@/lib/auth/sessions/log-out.ts";
import { secondsAfter } from "@/lib/base/clock.ts";
import { randomUUID } from "@/lib/base/crypto.ts";
import { countWaiting, inLockOrder } from "@/lib/testing/lock-order.ts";
import { insertPerson, sessionRow } from "@/lib/testing/records.ts";
import { type Holder, openSession, someone, times } from "@/lib/testing/wire.ts";
import { createWorld, LAPTOP, PASSWORD } from "@/lib/testing/world.ts";
import { type Rotation, rotateSession } from "./rotate-session.ts";

const world = createWorld();
let unprepared: Database;
let elsewhere: Database;
let passwordHash: string;

beforeAll(async () => {
  passwordHash = (await world.person()).passwordHash ?? "";
  const off = openDatabase(world.connection, { maxConnections: 4, prepare: false });
  const other = openDatabase(world.connection, { maxConnections: 20, prepare: true });
  unprepared = off.db;
  elsewhere = other.db;
  afterAll(() => Promise.all([off.close(), other.close()]));
});

function rotationOf({ session, user }: Holder, facts: Partial<Rotation> = {}): Rotation {
  const now = world.clock.now();
  return {
    id: session.id,
    userId: user.id,
    generation: 1,
    now,
    notBefore: now,
    idleExpiresAt: secondsAfter(now, 3 * 24 * 60 * 60),
    retryKeyHash: null,
    spentAfter: secondsAfter(now, -10),
    delivery: "json",
    ip: "192.0.2.7",
    userAgent: "Firefox",
    location: null,
    ...facts,
  };
}

const people = (count: number) => times(count, () => someone(world));

/** As many calls as are under way at once, held up so that what comes next gathers. */
async function occupied(db: Database): Promise<Promise<unknown>[]> {
  return (await people(4)).map((holder) => rotateSession(db, rotationOf(holder)));
}

/** How many rotations each statement asked for that waits for nobody. */
function sizesOfTrips(sent: Sent[]): number[] {
  const trips = sent.filter(({ text }) => text.includes("skip locked"));
  return trips.map(({ text, parameters }) =>
    text.includes("json_to_recordset") ? JSON.parse(String(parameters[0])).length : 1,
  );
}

/** Runs `act` while a transaction of somebody else holds this session's row. */
async function whileHeld({ session }: Holder, act: () => Promise<void>): Promise<void> {
  await world.db.transaction(async (transaction) => {
    await transaction.execute(sql`select 1 from sessions where id = ${session.id} for no key update`);
    await act();
  });
}

async function waitUntilWaiting(count: number): Promise<void> {
  while ((await countWaiting(world.db)) < count) await world.db.execute(sql`select 1`);
}

describe.each([
  ["prepared statements", () => world.db],
  ["DATABASE_PREPARE=off", () => unprepared],
])("refreshes of one moment, with %s", (_, db) => {
  it("of twenty people take five round trips, and each gets their own, down to the last column", async () => {
    const holders = await people(20);
    const later = world.clock.now();
    const facts = (i: number) => ({
      now: secondsAfter(later, i),
      idleExpiresAt: secondsAfter(later, 1_000 + i),
      retryKeyHash: i % 2 ? Buffer.from(`key ${i}`) : null,
      ip: i % 3 ? `2001:db8::${i}` : null,
      userAgent: `"Browser" \\ ${i}, 😀 {null}`,
      location: i % 2 ? "Zürich, Switzerland" : null,
    });
    const sent = await recordStatements(db(), async () => {
      const rows = await Promise.all(
        holders.map((holder, i) => rotateSession(db(), rotationOf(holder, facts(i)))),
      );
      for (const [i, row] of rows.entries()) {
        expect(row).toEqual({
          id: holders[i]?.session.id,
          userId: holders[i]?.user.id,
          generation: 2,
          rotatedAt: facts(i).now,
          authenticatedAt: later,
          idleExpiresAt: facts(i).idleExpiresAt,
          expiresAt: holders[i]?.session.expiresAt,
          amr: ["pwd"],
          applicationId: null,
          scope: null,
        });
      }
    });
    expect(sizesOfTrips(sent).sort((a, b) => a - b)).toEqual([1, 1, 1, 1, 16]);
    for (const [i, { session }] of holders.entries()) {
      const { now, ...kept } = facts(i);
      expect(await sessionRow(world.db, session.id)).toMatchObject({
        ...kept,
        rotatedAt: now,
        lastSeenAt: now,
      });
    }
  });

  it("what nobody may have is left alone: ended, idle, another's, inactive, another generation, unknown", async () => {
    const [revoked, idle, foreign, inactive, ahead, spent, fine] = (await people(7)) as Holder[] & {
      length: 7;
    };
    const later = secondsAfter(world.clock.now(), 1);
    await world.db.execute(
      sql`update sessions set revoked_at = now(), revoked_reason = 'logged_out' where id = ${revoked?.session.id}`,
    );
    await world.db.execute(
      sql`update sessions set idle_expires_at = ${later.toISOString()} where id = ${idle?.session.id}`,
    );
    await world.db.execute(sql`update users set is_active = false where id = ${inactive?.user.id}`);
    const refused: [Holder | undefined, Partial<Rotation>][] = [
      [revoked, {}],
      [idle, { notBefore: later }],
      [foreign, { userId: fine?.user.id ?? "" }],
      [inactive, {}],
      [ahead, { generation: 2 }],
      [spent, { generation: 0 }],
      [fine, { id: randomUUID() }],
    ];
    const underWay = await occupied(db());
    const rows = await Promise.all([
      ...refused.map(([holder, facts]) => rotateSession(db(), rotationOf(holder as Holder, facts))),
      rotateSession(db(), rotationOf(fine as Holder)),
    ]);
    expect(rows.map((row) => row?.id)).toEqual([...refused.map(() => undefined), fine?.session.id]);
    for (const [holder] of refused.slice(0, 6)) {
      expect((await sessionRow(world.db, holder?.session.id ?? "")).generation).toBe(1);
    }
    await Promise.all(underWay);
  });

  it.each<[string, Partial<Rotation>]>([
    ["no id", { id: "x'; drop table sessions" }],
    ["no person", { userId: "" }],
    ["a generation no column holds", { generation: 3_000_000_000 }],
    ["an address that is none", { ip: "999.1.1.1" }],
    ["an address with a zone", { ip: "fe80::1%eth0" }],
    ["a text with a NUL", { userAgent: "a\0b" }],
  ])("%s fails alone, and the others are served", async (_what, facts) => {
    const [bad, ...good] = await people(4);
    const underWay = await occupied(db());
    const [failed, ...served] = await Promise.allSettled(
      [rotationOf(bad as Holder, facts), ...good.map((holder) => rotationOf(holder))].map((rotation) =>
        rotateSession(db(), rotation),
      ),
    );
    expect(failed?.status).toBe("rejected");
    expect(served.map((one) => one.status === "fulfilled" && one.value?.generation)).toEqual([2, 2, 2]);
    await Promise.all(underWay);
  });
});

describe("one winner for a generation", () => {
  it("of fifty uses in two processes one gets the session, and it stands one further", async () => {
    for (let round = 0; round < 5; round += 1) {
      const [contested, ...others] = (await people(6)) as [Holder, ...Holder[]];
      const uses = times(50, (i) => {
        const db = i % 2 ? world.db : elsewhere;
        return rotateSession(db, rotationOf(contested, { userAgent: `use ${i}` }));
      });
      const aside = times(5, (i) => rotateSession(world.db, rotationOf(others[i] as Holder)));
      const won = (await uses).filter((row) => row !== undefined);
      expect(won).toHaveLength(1);
      expect((await sessionRow(world.db, contested.session.id)).generation).toBe(2);
      expect((await aside).every((row) => row?.generation === 2)).toBe(true);
    }
  });

  it("two uses of one session are never in one statement", async () => {
    const [holder] = (await people(1)) as [Holder];
    const sent = await recordStatements(world.db, () =>
      times(10, () => rotateSession(world.db, rotationOf(holder))),
    );
    expect(sizesOfTrips(sent)).toEqual(Array(10).fill(1));
  });
});

describe("a row that somebody else holds", () => {
  it("keeps nobody waiting but who asked for it, and is rotated once it is let go", async () => {
    const [held, ...others] = (await people(10)) as [Holder, ...Holder[]];
    let waits: Promise<unknown> = Promise.resolve();
    await whileHeld(held, async () => {
      waits = rotateSession(world.db, rotationOf(held));
      const rows = await Promise.all(others.map((holder) => rotateSession(world.db, rotationOf(holder))));
      expect(rows.every((row) => row?.generation === 2)).toBe(true);
      await waitUntilWaiting(1);
    });
    expect(await waits).toMatchObject({ id: held.session.id, generation: 2 });
  });

  it("many held rows, as many as trips and more, still keep nobody waiting", async () => {
    const held = await people(5);
    const [free] = (await people(1)) as [Holder];
    const begun: Promise<unknown>[] = [];
    await world.db.transaction(async (transaction) => {
      for (const { session } of held)
        await transaction.execute(sql`select 1 from sessions where id = ${session.id} for no key update`);
      begun.push(...held.map((holder) => rotateSession(world.db, rotationOf(holder))));
      await waitUntilWaiting(5);
      expect(await rotateSession(world.db, rotationOf(free))).toMatchObject({ generation: 2 });
    });
    expect(await Promise.all(begun)).toMatchObject(held.map(({ session }) => ({ id: session.id })));
  });

  it("that was ended meanwhile is not rotated", async () => {
    const [held] = (await people(1)) as [Holder];
    let waits: Promise<unknown> = Promise.resolve();
    await world.db.transaction(async (transaction) => {
      await transaction.execute(
        sql`update sessions set revoked_at = now(), revoked_reason = 'logged_out' where id = ${held.session.id}`,
      );
      waits = rotateSession(world.db, rotationOf(held));
      await waitUntilWaiting(1);
    });
    expect(await waits).toBeUndefined();
    expect((await sessionRow(world.db, held.session.id)).generation).toBe(1);
  });
});

/** Somebody who ends all sessions of a person at once. */
const endings: [string, (holder: Holder) => Promise<unknown>][] = [
  [
    "log out everywhere",
    (holder) =>
      logOutEverywhere({ app: world.app, principal: holder, device: LAPTOP, now: world.clock.now() }),
  ],
  [
    "deactivation",
    ({ user }) => deactivateUser({ app: world.app, now: world.clock.now() }, { userId: user.id }),
  ],
  [
    "deletion",
    (holder) =>
      deleteAccount({ app: world.app, principal: holder, device: LAPTOP, now: world.clock.now() }, PASSWORD),
  ],
];

/** A session that is gone is over too. */
async function expectOver(holders: Holder[]): Promise<void> {
  for (const { session } of holders) {
    const [row] = await world.db.select().from(sessions).where(eq(sessions.id, session.id));
    if (row) expect(row.revokedAt).not.toBeNull();
  }
}

describe.each(endings)("refreshes of all devices against %s", (_, end) => {
  const DEVICES = 12;
  async function devices() {
    const first = await openSession(world.app, await insertPerson(world.db, { passwordHash }));
    return [first, ...(await times(DEVICES - 1, () => openSession(world.app, first.user)))] as [
      Holder,
      ...Holder[],
    ];
  }

  it.each([
    "forwards",
    "backwards",
  ])("nobody deadlocks, asked for %s, in every order by the locks", async (way) => {
    for (let at = 0; at < DEVICES; at += 1) {
      const holders = await devices();
      const row = { table: "sessions", id: (holders[at] as Holder).session.id } as const;
      const asked = way === "forwards" ? holders : [...holders].reverse();
      const refreshes = () =>
        Promise.all(
          asked.map((holder, i) => rotateSession(i % 2 ? world.db : elsewhere, rotationOf(holder))),
        );
      const acts: (() => Promise<unknown>)[] = [() => end(holders[0]), refreshes];
      await inLockOrder(world.db, row, at % 2 ? acts : acts.reverse());
      await expectOver(holders);
    }
  });

  it("twenty rounds at once, over two processes: nobody deadlocks, and every session is over", async () => {
    for (let round = 0; round < 20; round += 1) {
      const holders = await devices();
      await Promise.all([
        ...holders.map((holder) => rotateSession(world.db, rotationOf(holder))),
        end(holders[0]),
        ...[...holders].reverse().map((holder) => rotateSession(elsewhere, rotationOf(holder))),
      ]);
      await expectOver(holders);
    }
  });
});

describe("two processes", () => {
  it("that ask for the same sessions in opposite order never deadlock: each session is rotated once", async () => {
    for (let round = 0; round < 20; round += 1) {
      const holders = await people(12);
      const [here, there] = await Promise.all([
        Promise.all(holders.map((holder) => rotateSession(world.db, rotationOf(holder)))),
        Promise.all([...holders].reverse().map((holder) => rotateSession(elsewhere, rotationOf(holder)))),
      ]);
      const won = [...here, ...there].filter((row) => row !== undefined).map(({ id }) => id);
      expect(won.sort()).toEqual(holders.map(({ session }) => session.id).sort());
    }
  });
});
