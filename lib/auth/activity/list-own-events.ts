import { type AuditEventRow, listEventsOf } from "@/db/queries/audit-events.ts";
import type { LoggedInCall } from "@/lib/auth/sessions/principal.ts";
import { describeDevice } from "@/lib/base/describe-device.ts";
import type { PublicEvent } from "@/lib/contract/events.ts";
import { type AskedPage, type Page, toWirePage } from "@/lib/contract/pages.ts";

/**
 * One page of what happened on the caller's account, newest first. Pages follow each other by key, so an event that
 * comes in between shifts nothing.
 */
export async function listOwnEvents(
  { app: { db }, principal: { user } }: LoggedInCall,
  { after, limit }: AskedPage,
): Promise<{ kind: "listed"; page: Page<PublicEvent> }> {
  const found = await listEventsOf(db, { userId: user.id, after, limit });
  return { kind: "listed", page: toWirePage(found, toPublicEvent) };
}

/** What the person may know of an act of somebody else on their account. */
const FACTS_OF_OTHERS = ["reason", "role", "email"];

/** An event as the one whom it is about sees it. Of an admin's act they learn what was done, not by whom or from where. */
export function toPublicEvent(event: AuditEventRow): PublicEvent {
  const isOwn = event.actorId === null || event.actorId === event.userId;
  const { browser, os } = describeDevice((isOwn && event.userAgent) || "");
  const facts = Object.entries(event.data).filter(([name]) => isOwn || FACTS_OF_OTHERS.includes(name));
  return {
    id: event.id,
    type: event.type,
    created_at: event.createdAt.toISOString(),
    session_id: event.sessionId,
    ip: isOwn ? event.ip : null,
    browser,
    os,
    data: Object.fromEntries(facts),
  };
}
