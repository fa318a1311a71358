import { sql } from "drizzle-orm";
import type { Executor } from "./client.ts";
import journal from "./migrations/meta/_journal.json" with { type: "json" };

/** How many of this version's migrations the database lacks. */
export async function pendingMigrations(db: Executor): Promise<number> {
  const [there] = await db.execute<{ exists: boolean }>(
    sql`select to_regclass('drizzle.__drizzle_migrations') is not null as exists`,
  );
  if (!there?.exists) return journal.entries.length;
  const [last] = await db.execute<{ at: string | null }>(
    sql`select max(created_at) as at from drizzle.__drizzle_migrations`,
  );
  return journal.entries.filter(({ when }) => when > Number(last?.at ?? 0)).length;
}
