import { join } from "node:path";
import { sql } from "drizzle-orm";
import { migrate } from "drizzle-orm/postgres-js/migrator";
import { type Connection, openDatabase } from "./client.ts";
import { pendingMigrations } from "./pending-migrations.ts";

const migrationsFolder = join(import.meta.dirname, "migrations");
const MIGRATION_LOCK = 7_313_021;

/**
 * Brings the schema up to date. Any number of processes may call it at once: an advisory lock lets one work
 * and the others wait, each then finding nothing to do, which an account
 * that may change no schema may do too. Returns how many migrations were applied.
 */
export async function migrateDatabase(connection: Connection): Promise<{ applied: number }> {
  const { db, close } = openDatabase(connection, { maxConnections: 1, prepare: false });
  try {
    await db.execute(sql`set statement_timeout = 0`);
    await db.execute(sql`select pg_advisory_lock(${MIGRATION_LOCK})`);
    const applied = await pendingMigrations(db);
    if (applied > 0) await migrate(db, { migrationsFolder });
    return { applied };
  } finally {
    await close();
  }
}
