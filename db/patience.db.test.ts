import { sql } from "drizzle-orm";
import { afterEach, describe, expect, inject, it, vi } from "vitest";
import { createDatabase } from "@/lib/testing/databases.ts";
import { databaseFault, openDatabase } from "./client.ts";

const SILENT = { code: "CONNECTION_SILENT", away: true };
const LIMIT_AND_MARGIN_MS = 12_000;

async function open() {
  const { connection, drop } = await createDatabase(inject("server"));
  const keyturn = openDatabase(connection, { maxConnections: 1, prepare: true, expectAnswers: true });
  await keyturn.db.execute(sql`select 1`);
  // Later than any answer may come, as far as this process can tell.
  await keyturn.db.execute(sql`set statement_timeout = 0`);
  const leave = async () => {
    await keyturn.close();
    await drop();
  };
  return { db: keyturn.db, leave };
}

const faultOf = (sent: PromiseLike<unknown>) =>
  Promise.resolve(sent).then(
    () => "answered",
    (error: unknown) => databaseFault(error),
  );

async function passTime(ms: number) {
  await vi.advanceTimersByTimeAsync(ms);
}

afterEach(() => {
  vi.useRealTimers();
});

describe("a statement without an answer", () => {
  it("fails when the server must have answered, and the next one goes on another connection", async () => {
    const { db, leave } = await open();
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const asked = faultOf(db.execute(sql`select pg_sleep(60)`));
    await passTime(LIMIT_AND_MARGIN_MS - 1);
    await passTime(1);
    expect(await asked).toEqual(SILENT);
    vi.useRealTimers();
    expect(await faultOf(db.execute(sql`select 1`))).toBe("answered");
    await leave();
  });

  it("ends its transaction for the caller, who is not kept waiting for a roll-back", async () => {
    const { db, leave } = await open();
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const asked = faultOf(db.transaction((transaction) => transaction.execute(sql`select pg_sleep(60)`)));
    await vi.waitFor(() => expect(vi.getTimerCount()).toBeGreaterThan(0), { interval: 5 });
    await passTime(LIMIT_AND_MARGIN_MS);
    expect(await asked).toEqual(SILENT);
    await passTime(5_000);
    vi.useRealTimers();
    expect(await faultOf(db.transaction((transaction) => transaction.execute(sql`select 1`)))).toBe(
      "answered",
    );
    await leave();
  });
});
