import type { Executor } from "../client.ts";
import { auditEvents } from "../schema.ts";

export type NewAuditEvent = typeof auditEvents.$inferInsert;

/** Adds to the audit trail; nothing ever changes a row of it. */
export async function insertAuditEvents(db: Executor, events: NewAuditEvent[]): Promise<void> {
  if (events.length > 0) await db.insert(auditEvents).values(events);
}
