import { sql } from "drizzle-orm";
import type { Database } from "../client.ts";

/** The database's own time, which every app host goes by. Fails when the database is away. */
export async function databaseTime(db: Database): Promise<Date> {
  const [row] = await db.execute<{ now: string }>(sql`select clock_timestamp() as now`);
  return new Date(row?.now ?? Number.NaN);
}
