import { type EventFilter, listEvents as listEventRows } from "@/db/queries/list-events.ts";
import type { App } from "@/lib/app/app.ts";
import { recordEvent } from "@/lib/audit/record.ts";
import { requireAdmin, requireRecentAdmin } from "@/lib/auth/sessions/authorize.ts";
import type { LoggedInCall } from "@/lib/auth/sessions/principal.ts";
import { instant } from "@/lib/base/clock.ts";
import { toCsv } from "@/lib/base/csv.ts";
import type { AdminEvent } from "@/lib/contract/admin.ts";
import type { EventListFilter } from "@/lib/contract/admin-filters.ts";
import type { Failure } from "@/lib/contract/errors.ts";
import { type AskedList, encodeCursor, type Page, type Position, toWirePage } from "@/lib/contract/pages.ts";
import { findUserId } from "./find-user.ts";
import { toAdminEvent } from "./shapes.ts";

/** A file has so many lines at most; where the trail goes on, the answer says where. */
const EXPORTED_ROWS = 100_000;
const EXPORT_BATCH = 2_000;

/**
 * One page of the audit trail, the newest first. Where two of `user`, `actor` and `type` are given, a page may be
 * short, or empty, and still have a `next`.
 *
 * 1. the caller is no admin → `permission_denied`
 * 2. else → the events about `user`, that `actor` brought about, of `type`, from `from` until before `to`
 */
export async function listEvents(
  { app, principal }: LoggedInCall,
  asked: AskedList<EventListFilter>,
): Promise<{ kind: "listed"; page: Page<AdminEvent> } | Failure> {
  const refused = requireAdmin(principal);
  if (refused) return refused;
  const filter = await toEventFilter(app, asked.filter);
  const found = filter ? await listEventRows(app.db, filter, asked) : { rows: [], next: null };
  return { kind: "listed", page: toWirePage(found, toAdminEvent) };
}

/**
 * The same as a CSV file of at most 100,000 events, however few a page would have; `next` is the cursor of what
 * follows. It needs a recent log-in, and that somebody took a copy is itself on record.
 */
export async function exportEvents(
  call: LoggedInCall,
  asked: AskedList<EventListFilter>,
): Promise<{ kind: "exported"; csv: string; next: string | null } | Failure> {
  const { app, principal, device, now } = call;
  const refused = requireRecentAdmin(call);
  if (refused) return refused;
  const filter = await toEventFilter(app, asked.filter);
  const { texts, count, next } = await collect(app, filter, asked.after);
  const event = { type: "events.exported", actorId: principal.user.id, device, data: { count } } as const;
  await recordEvent(app.db, event, now);
  return { kind: "exported", csv: texts.join(""), next };
}

/** A filter of the wire as the database asks it; null where it can match nothing. */
async function toEventFilter(app: App, asked: EventListFilter): Promise<EventFilter | null> {
  const { user, actor, type, from, to } = asked;
  const userId = user && (await findUserId(app, user));
  const actorId = actor && (await findUserId(app, actor));
  const [begin, end] = [from, to].map((text) => (text === undefined ? undefined : instant(text)));
  return userId === null || actorId === null ? null : { userId, actorId, type, from: begin, to: end };
}

async function collect(app: App, filter: EventFilter | null, first: Position | undefined) {
  const texts = [toCsv([HEADER])];
  let count = 0;
  let after: Position | null | undefined = filter ? first : null;
  while (filter && after !== null && count < EXPORTED_ROWS) {
    const limit = Math.min(EXPORT_BATCH, EXPORTED_ROWS - count);
    const found = await listEventRows(app.db, filter, { after, limit });
    texts.push(toCsv(found.rows.map((row) => toCells(toAdminEvent(row)))));
    count += found.rows.length;
    after = found.next;
  }
  return { texts, count, next: after ? encodeCursor(after) : null };
}

const HEADER = [
  "id",
  "type",
  "created_at",
  "user_id",
  "user_email",
  "actor_id",
  "actor_email",
  "session_id",
  "ip",
  "browser",
  "os",
  "data",
];

function toCells({ user, actor, ...event }: AdminEvent): (string | null)[] {
  const { id, type, created_at: at, session_id: sessionId, ip, browser, os, data } = event;
  const people = [user?.id ?? null, user?.email ?? null, actor?.id ?? null, actor?.email ?? null];
  return [id, type, at, ...people, sessionId, ip, browser, os, JSON.stringify(data)];
}
