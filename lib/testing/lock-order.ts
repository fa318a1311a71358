import { sql } from "drizzle-orm";
import type { Database } from "@/db/client.ts";

/** Rows of one table, held by a transaction of the test. */
type Held = { table: "sessions" | "users"; id: string };

/**
 * Runs `acts` against a row that the test holds locked: each begins, and comes to wait for the row, before the next
 * begins; then the row is let go and PostgreSQL serves them in the order they came. So a race is played in the one
 * order that chance would rarely give. An act that needs no lock on the row simply finishes.
 */
export async function inLockOrder<Result>(
  db: Database,
  { table, id }: Held,
  acts: (() => Promise<Result>)[],
): Promise<Result[]> {
  const begun: Promise<Result>[] = [];
  let unfinished = 0;
  await db.transaction(async (transaction) => {
    await transaction.execute(sql`select 1 from ${sql.identifier(table)} where id = ${id} for no key update`);
    for (const act of acts) {
      unfinished += 1;
      const running = act().finally(() => {
        unfinished -= 1;
      });
      running.catch(() => {});
      begun.push(running);
      while ((await countWaiting(db)) < unfinished);
    }
  });
  return Promise.all(begun);
}

/** How many connections to this database wait for a lock right now. */
export async function countWaiting(db: Database): Promise<number> {
  const [row] = await db.execute<{ waiting: number }>(
    sql`select count(*)::int as waiting from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock'`,
  );
  return row?.waiting ?? 0;
}
