import { and, desc, eq, inArray } from "drizzle-orm";
import type { Executor } from "../client.ts";
import { auditEvents } from "../schema.ts";

export type NewAuditEvent = typeof auditEvents.$inferInsert;

/** Adds to the audit trail; nothing ever changes a row of it. */
export async function insertAuditEvents(db: Executor, events: NewAuditEvent[]): Promise<void> {
  if (events.length > 0) await db.insert(auditEvents).values(events);
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
