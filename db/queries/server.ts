import { sql } from "drizzle-orm";
import type { Database } from "../client.ts";

/** PostgreSQL's version as people write it ("18.4") and its major number. Fails when the database is away. */
export async function serverVersion(db: Database): Promise<{ text: string; major: number }> {
  const [row] = await db.execute<{ text: string; number: number }>(
    sql`select current_setting('server_version') as text, current_setting('server_version_num')::int as number`,
  );
  const { text = "", number = 0 } = row ?? {};
  return { text: text.split(" ")[0] ?? "", major: Math.floor(number / 10_000) };
}

/** Fails where the database answers but takes no writes, as a standby does. */
export async function writeNothing(db: Database): Promise<void> {
  await db.execute(sql`delete from rate_limits where false`);
}

/** How many connections of Keyturn's the server has at this moment besides the one that asks. */
export async function countOtherConnections(db: Database): Promise<number> {
  const [row] = await db.execute<{ count: number }>(
    sql`select count(*)::int as count from pg_stat_activity
        where application_name = current_setting('application_name') and pid <> pg_backend_pid()`,
  );
  return row?.count ?? 0;
}
