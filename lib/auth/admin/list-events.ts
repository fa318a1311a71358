import type { Position } from "@/db/queries/keyset.ts";
import { type EventFilter, type ListedEvent, listEvents as listEventRows } from "@/db/queries/list-events.ts";
import type { App } from "@/lib/app.ts";
import { type Device, recordEvents } from "@/lib/audit.ts";
import { instant } from "@/lib/clock.ts";
import type { AdminEvent } from "@/lib/contract/admin.ts";
import { EventListFilter } from "@/lib/contract/admin-filters.ts";
import type { Failure } from "@/lib/contract/errors.ts";
import { type Page, sealCursor } from "@/lib/contract/pages.ts";
import { toCsv } from "@/lib/csv.ts";
import { requireAdmin } from "../authorize.ts";
import type { Principal } from "../principal.ts";
import { findPersonId } from "./find-person.ts";
import { readListQuery, toWirePage } from "./read-list-query.ts";
import { toAdminEvent } from "./shapes.ts";

/** A file has so many lines at most; where the trail goes on, the answer says where. */
const EXPORTED_ROWS = 100_000;
const EXPORT_BATCH = 2_000;
type Found = { rows: ListedEvent[]; next: Position | null };

/**
 * One page of the audit trail, the newest first. Where two of `user`, `actor` and `type` are given, a page may be
 * short, or empty, and still have a `next`.
 *
 * 1. the caller is no admin → `permission_denied`
 * 2. a filter, limit or cursor that is none → `bad_request`
 * 3. else → the events about `user`, that `actor` brought about, of `type`, from `from` until before `to`
 */
export async function listEvents(
  app: App,
  principal: Principal,
  query: URLSearchParams,
): Promise<{ kind: "listed"; page: Page<AdminEvent> } | Failure> {
  const refused = requireAdmin(principal);
  if (refused) return refused;
  const asked = await readEventQuery(app, query);
  if (asked.kind === "failure") return asked;
  const found = asked.filter ? await listEventRows(app.db, asked.filter, asked) : { rows: [], next: null };
  return { kind: "listed", page: toWirePage(found, toAdminEvent) };
}

/**
 * The same as a CSV file of at most 100,000 events, however few a page would have; `next` is the cursor of what
 * follows. That somebody took a copy is itself on record.
 */
export async function exportEvents(
  app: App,
  principal: Principal,
  query: URLSearchParams,
  device: Device,
  now: Date,
): Promise<{ kind: "exported"; csv: string; next: string | null } | Failure> {
  const refused = requireAdmin(principal);
  if (refused) return refused;
  const asked = await readEventQuery(app, query);
  if (asked.kind === "failure") return asked;
  const { texts, count, next } = await collect(app, asked.filter, asked.after);
  const event = { type: "events.exported", actorId: principal.user.id, device, data: { count } } as const;
  await recordEvents(app.db, [event], now);
  return { kind: "exported", csv: texts.join(""), next };
}

async function readEventQuery(app: App, query: URLSearchParams) {
  const asked = readListQuery(query, EventListFilter);
  if (asked.kind === "failure") return asked;
  const { user, actor, type, from, to } = asked.filter;
  const userId = user && (await findPersonId(app, user));
  const actorId = actor && (await findPersonId(app, actor));
  const [begin, end] = [from, to].map((text) => (text === undefined ? undefined : instant(text)));
  if (userId === null || actorId === null) return { ...asked, filter: null };
  const filter: EventFilter = { userId, actorId, type, from: begin, to: end };
  return { ...asked, filter };
}

async function collect(app: App, filter: EventFilter | null, first: Position | undefined) {
  const texts = [toCsv([HEADER])];
  let count = 0;
  let after: Position | null | undefined = filter ? first : null;
  while (filter && after !== null && count < EXPORTED_ROWS) {
    const limit = Math.min(EXPORT_BATCH, EXPORTED_ROWS - count);
    const found: Found = await listEventRows(app.db, filter, { after, limit });
    texts.push(toCsv(found.rows.map((row) => toCells(toAdminEvent(row)))));
    count += found.rows.length;
    after = found.next;
  }
  return { texts, count, next: after ? sealCursor([after.createdAt.toISOString(), after.id]) : null };
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
