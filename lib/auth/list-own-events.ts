import { type AuditEventRow, listEventsOf } from "@/db/queries/audit-events.ts";
import type { App } from "@/lib/app.ts";
import { instant } from "@/lib/clock.ts";
import type { Failure } from "@/lib/contract/errors.ts";
import type { PublicEvent } from "@/lib/contract/events.ts";
import { InstantAndId, type Page, parsePageQuery, sealCursor } from "@/lib/contract/pages.ts";
import { describeDevice } from "@/lib/describe-device.ts";
import type { Principal } from "./principal.ts";

/**
 * One page of what happened on the caller's account, newest first. Pages follow each other by key, so an event that
 * comes in between shifts nothing.
 */
export async function listOwnEvents(
  { db }: App,
  { user }: Principal,
  query: URLSearchParams,
): Promise<{ kind: "listed"; page: Page<PublicEvent> } | Failure> {
  const asked = parsePageQuery(query, InstantAndId);
  if (asked.kind === "failure") return asked;
  const after = asked.after && { createdAt: instant(asked.after[0]), id: asked.after[1] };
  const found = await listEventsOf(db, { userId: user.id, after, limit: asked.limit + 1 });
  const shown = found.slice(0, asked.limit);
  const last = shown.at(-1);
  return {
    kind: "listed",
    page: {
      results: shown.map(toPublicEvent),
      next: found.length > asked.limit && last ? sealCursor([last.createdAt.toISOString(), last.id]) : null,
    },
  };
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
