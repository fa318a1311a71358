import { sql } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { openDatabase } from "@/db/client.ts";
import { databaseTime } from "@/db/queries/time.ts";
import { createWorld } from "@/lib/testing/world.ts";
import { databaseClock } from "./clock.ts";

const world = createWorld();

describe("the database's own time", () => {
  it.each([
    "UTC",
    "Asia/Kolkata",
    "America/St_Johns",
    "Pacific/Kiritimati",
    "Africa/Monrovia",
  ])("is read right from a server in the zone %s", async (zone) => {
    const database = sql.identifier(String(world.db.$client.options.database));
    await world.db.execute(sql`alter database ${database} set timezone = ${sql.raw(`'${zone}'`)}`);
    const { db, close } = openDatabase(world.connection, { maxConnections: 1, prepare: false });
    const epochMs = async () => {
      const [row] = await db.execute<{ ms: string }>(
        sql`select extract(epoch from clock_timestamp()) * 1000 as ms, current_setting('timezone') as zone`,
      );
      return Number(row?.ms);
    };
    const before = await epochMs();
    const read = (await databaseTime(db)).getTime();
    const after = await epochMs();
    await close();
    expect(read).toBeGreaterThanOrEqual(Math.floor(before));
    expect(read).toBeLessThanOrEqual(Math.ceil(after));
  });

  it("is what a clock shows that goes by it", async () => {
    const clock = databaseClock(() => databaseTime(world.db));
    await clock.synchronize();
    const [early, shown, late] = [await databaseTime(world.db), clock.now(), await databaseTime(world.db)];
    expect(shown.getTime()).toBeGreaterThan(early.getTime() - 1_000);
    expect(shown.getTime()).toBeLessThan(late.getTime() + 1_000);
  });

  it("can't be had from a database that is away", async () => {
    const { db, close } = openDatabase(world.connection, { maxConnections: 1, prepare: false });
    await close();
    await expect(databaseTime(db)).rejects.toThrow();
  });
});
