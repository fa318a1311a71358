import { join } from "node:path";
import { sql } from "drizzle-orm";
import { migrate } from "drizzle-orm/postgres-js/migrator";
import { root } from "../root.ts";
import { type Connection, type Database, openDatabase, type Transaction } from "./client.ts";
import { pendingMigrations } from "./pending-migrations.ts";

const migrationsFolder = join(root, "db/migrations");
const MIGRATION_LOCK = 7_313_021;

/**
 * Brings the schema up to date, in one transaction. Any number of processes may call it at once: an advisory lock lets
 * one work and the others wait, each then finding nothing to do, which an account that may change no schema may do
 * too. Lock and time limit belong to the transaction, so that nothing of them stays on a connection that a pooler hands
 * to others. Returns how many migrations were applied.
 */
export async function migrateDatabase(connection: Connection): Promise<{ applied: number }> {
  const { db, close } = openDatabase(connection, { maxConnections: 1, prepare: false });
  try {
    if ((await pendingMigrations(db)) === 0) return { applied: 0 };
    return await db.transaction(async (transaction) => {
      await transaction.execute(sql`set local statement_timeout = 0`);
      await transaction.execute(sql`select pg_advisory_xact_lock(${MIGRATION_LOCK})`);
      const applied = await pendingMigrations(transaction);
      if (applied > 0) await migrate(within(transaction), { migrationsFolder });
      return { applied };
    });
  } finally {
    await close();
  }
}

/** What Drizzle's migrator takes for a database: the transaction, in which its own one is a savepoint. */
function within(transaction: Transaction): Database {
  const { dialect, session } = transaction as unknown as Record<"dialect" | "session", object>;
  const nested = {
    transaction: (work: Parameters<Transaction["transaction"]>[0]) => transaction.transaction(work),
  };
  return { dialect, session: Object.assign(Object.create(session), nested) } as unknown as Database;
}
