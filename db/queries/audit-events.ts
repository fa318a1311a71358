import { and, desc, eq, inArray, sql } from "drizzle-orm";
import type { Executor } from "../client.ts";
import { auditEvents } from "../schema.ts";
import { type AskedPage, beyond, type FoundPage, newestFirst, toPage } from "./keyset.ts";

export type AuditEventRow = typeof auditEvents.$inferSelect;
export type NewAuditEvent = typeof auditEvents.$inferInsert;

/**
 * Adds to the audit trail. A row of it is changed only where the same is counted in it within a minute, by the end of its
 * person's account and, after a month, to a shorter address.
 */
export async function insertAuditEvents(db: Executor, events: NewAuditEvent[]): Promise<void> {
  if (events.length > 0) await db.insert(auditEvents).values(events);
}

/**
 * Adds an event, or counts it in the row that has its id already. Guarantee: of any number of simultaneous calls with one
 * id each is counted, in one row.
 */
export async function insertOrCountEvent(db: Executor, event: NewAuditEvent): Promise<void> {
  const more = sql`coalesce((${auditEvents.data} ->> 'count')::int, 1) + 1`;
  await db
    .insert(auditEvents)
    .values(event)
    .onConflictDoUpdate({
      target: auditEvents.id,
      set: { data: sql`${auditEvents.data} || jsonb_build_object('count', ${more})` },
    });
}

/** Adds the same event for each of these sessions; the number of parameters does not grow with them. */
export async function insertSessionEvents(
  db: Executor,
  about: { id: string; userId: string }[],
  event: Omit<NewAuditEvent, "id" | "userId" | "sessionId">,
): Promise<void> {
  if (about.length === 0) return;
  const sessionIds = `{${about.map(({ id }) => id).join(",")}}`;
  const userIds = `{${about.map(({ userId }) => userId).join(",")}}`;
  await db.execute(sql`
    insert into ${auditEvents} (id, type, created_at, user_id, actor_id, session_id, ip, user_agent, data)
    select gen_random_uuid(), ${event.type}, ${event.createdAt.toISOString()}::timestamptz, about.user_id,
      ${event.actorId ?? null}::uuid, about.session_id, ${event.ip ?? null}::inet, ${event.userAgent ?? null},
      ${JSON.stringify(event.data)}::jsonb
    from unnest(${sessionIds}::uuid[], ${userIds}::uuid[]) as about (session_id, user_id)`);
}

/** What happened on a person's account, newest first, after the event at `after`. One index gives them in this order. */
export async function listEventsOf(
  db: Executor,
  { userId, after, limit }: AskedPage & { userId: string },
): Promise<FoundPage<AuditEventRow>> {
  const rows = await db
    .select()
    .from(auditEvents)
    .where(and(eq(auditEvents.userId, userId), beyond(auditEvents, after)))
    .orderBy(...newestFirst(auditEvents))
    .limit(limit + 1);
  return toPage(rows, limit, ({ createdAt: at, id }) => ({ at, id }));
}

/** The event that ended a session, if one did. */
export async function findEndOfSession(db: Executor, sessionId: string) {
  const [row] = await db
    .select()
    .from(auditEvents)
    .where(
      and(
        eq(auditEvents.sessionId, sessionId),
        inArray(auditEvents.type, ["session.revoked", "refresh_token.reused"]),
      ),
    )
    .orderBy(desc(auditEvents.createdAt))
    .limit(1);
  return row;
}

/**
 * Forgets a person: the events about them go. Events about others that they caused as an admin stay, without
 * where from.
 */
export async function anonymizeEvents(transaction: Executor, userId: string): Promise<void> {
  await transaction.execute(sql`
    update ${auditEvents} set ip = null, user_agent = null
    where actor_id = ${userId}::uuid and user_id is distinct from ${userId}::uuid`);
  await transaction.delete(auditEvents).where(eq(auditEvents.userId, userId));
}
