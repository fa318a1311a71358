import { and, desc, eq, inArray, sql } from "drizzle-orm";
import type { Executor } from "../client.ts";
import { auditEvents } from "../schema.ts";

export type NewAuditEvent = typeof auditEvents.$inferInsert;

/** Adds to the audit trail; nothing ever changes a row of it. */
export async function insertAuditEvents(db: Executor, events: NewAuditEvent[]): Promise<void> {
  if (events.length > 0) await db.insert(auditEvents).values(events);
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
