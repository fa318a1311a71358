import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { createBareDatabase, type OwnDatabase } from "@/lib/testing/databases.ts";
import { type Connection, openDatabase } from "./client.ts";
import { type LogWatch, watchLog } from "./watch-log.ts";

const LONG_MS = 30_000;
let database: OwnDatabase;
let other: ReturnType<typeof openDatabase>;
const watches: LogWatch[] = [];

beforeAll(async () => {
  database = await createBareDatabase(inject("server"));
  other = openDatabase(database.connection, { maxConnections: 2, prepare: true });
});
afterAll(async () => {
  for (const watch of watches) await watch.close();
  await other.close();
  await database.drop();
});

function watch(connection: Connection, listens: boolean): LogWatch {
  const made = watchLog(connection, { listens });
  watches.push(made);
  return made;
}

const tell = () => other.db.$client`select pg_notify('revocations', '')`;
const listeners = async () =>
  other.db.$client`
    select pid from pg_stat_activity where datname = current_database() and query ~ '^(listen|select$)'`;

/** A watch whose connection listens by now. */
async function listening(): Promise<LogWatch> {
  const watching = watch(database.connection, true);
  await watching.growth(watching.count(), LONG_MS);
  return watching;
}

describe("whoever waits", () => {
  it("is told of what another process commits", async () => {
    const watching = await listening();
    const grown = watching.growth(watching.count(), LONG_MS);
    await tell();
    expect(await grown).toBe(true);
  });

  it("is told at once of what came since it counted", async () => {
    const watching = await listening();
    const before = watching.count();
    const first = watching.growth(before, LONG_MS);
    await tell();
    await first;
    expect(await watching.growth(before, LONG_MS)).toBe(true);
  });

  it("is told nothing when its time is over", async () => {
    const watching = await listening();
    expect(await watching.growth(watching.count(), 1)).toBe(false);
    expect(await watching.growth(watching.count(), 0)).toBe(false);
  });

  it("looks by itself behind a pooler, where nobody may listen", async () => {
    const watching = watch(database.connection, false);
    expect(await watching.growth(watching.count(), LONG_MS)).toBe(true);
  });

  it("looks by itself while there is no server to listen to", async () => {
    const watching = watch("postgres://nobody@127.0.0.1:1/none", true);
    expect(await watching.growth(watching.count(), LONG_MS)).toBe(true);
  });

  it("is told again after the connection was lost", async () => {
    const watching = await listening();
    const grown = watching.growth(watching.count(), LONG_MS);
    for (const { pid } of await listeners()) await other.db.$client`select pg_terminate_backend(${pid})`;
    expect(await grown).toBe(true);
    await expect.poll(async () => (await listeners()).length, { timeout: LONG_MS }).toBeGreaterThan(0);
    const again = watching.growth(watching.count(), LONG_MS);
    await tell();
    expect(await again).toBe(true);
  });

  it("is let go when the process stops, and so is whoever comes later", async () => {
    const watching = await listening();
    const waits = watching.growth(watching.count(), LONG_MS);
    watching.release();
    expect(await waits).toBe(false);
    expect(await watching.growth(watching.count() - 1, LONG_MS)).toBe(false);
  });
});

it("a thousand who wait share one connection", async () => {
  for (const made of watches.splice(0)) await made.close();
  const watching = await listening();
  const count = watching.count();
  const waits = Array.from({ length: 1_000 }, () => watching.growth(count, LONG_MS));
  expect(await listeners()).toHaveLength(1);
  await tell();
  expect(new Set(await Promise.all(waits))).toEqual(new Set([true]));
});
