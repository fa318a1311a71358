import { and, eq, gt, lt, sql } from "drizzle-orm";
import type { Executor } from "../client.ts";
import { isUuid } from "../is-uuid.ts";
import { applications, destinations } from "../schema.ts";

export async function insertDestination(
  db: Executor,
  destination: typeof destinations.$inferInsert,
): Promise<void> {
  await db.insert(destinations).values(destination);
}

/** The destination of that id, with its application, while it is kept and for the browser that holds the secret. */
export async function findDestination(
  db: Executor,
  { id, browserHash }: { id: string; browserHash: Buffer },
  now: Date,
) {
  if (!isUuid(id)) return undefined;
  const theirs = and(eq(destinations.id, id), eq(destinations.browserHash, browserHash));
  const [row] = await db
    .select({ destination: destinations, application: applications })
    .from(destinations)
    .leftJoin(applications, eq(applications.id, destinations.applicationId))
    .where(and(theirs, gt(destinations.expiresAt, now)));
  return row;
}

/** Deletes up to `limit` destinations whose time is over. */
export async function deleteEndedDestinations(db: Executor, now: Date, limit: number): Promise<number> {
  const ended = db
    .select({ id: destinations.id })
    .from(destinations)
    .where(lt(destinations.expiresAt, now))
    .limit(limit)
    .for("update", { skipLocked: true });
  const gone = await db
    .delete(destinations)
    .where(sql`${destinations.id} in ${ended}`)
    .returning({ id: destinations.id });
  return gone.length;
}
