import { listAnySessions, type OwnedSession, type SessionFilter } from "@/db/queries/any-sessions.ts";
import type { Position } from "@/db/queries/keyset.ts";
import type { App } from "@/lib/app.ts";
import { secondsAfter } from "@/lib/clock.ts";
import type { AdminSession } from "@/lib/contract/admin.ts";
import { SessionListFilter } from "@/lib/contract/admin-filters.ts";
import type { Failure } from "@/lib/contract/errors.ts";
import type { Page } from "@/lib/contract/pages.ts";
import { requireAdmin } from "../authorize.ts";
import type { Principal } from "../principal.ts";
import { findPersonId } from "./find-person.ts";
import { type AskedPage, readListQuery, toWirePage } from "./read-list-query.ts";
import { toAdminSession } from "./shapes.ts";

type Found = { rows: OwnedSession[]; next: Position | null };
const NOTHING: Found = { rows: [], next: null };
const LAST_ID = "ffffffff-ffff-ffff-ffff-ffffffffffff";

/**
 * One page of everybody's sessions, ended ones too, the newest log-in first. Where no index answers a filter (address,
 * expiry), a page looks at a bounded number of sessions: it may then be short, or empty, and still have a `next`.
 *
 * 1. the caller is no admin → `permission_denied`
 * 2. a filter, limit or cursor that is none → `bad_request`
 * 3. the filter names an address that nobody has → an empty page
 * 4. else → the sessions that match
 */
export async function listAllSessions(
  app: App,
  principal: Principal,
  query: URLSearchParams,
  now: Date,
): Promise<{ kind: "listed"; page: Page<AdminSession> } | Failure> {
  const refused = requireAdmin(principal);
  if (refused) return refused;
  const asked = readListQuery(query, SessionListFilter);
  if (asked.kind === "failure") return asked;
  const filter = await toSessionFilter(app, asked.filter);
  const found = filter ? await find(app, { ...asked, filter }, now) : NOTHING;
  return { kind: "listed", page: toWirePage(found, (row) => toAdminSession(app, row, now)) };
}

/** A filter of the wire as the database asks it; null where it can match nothing. */
async function toSessionFilter(app: App, filter: SessionListFilter): Promise<SessionFilter | null> {
  const { user, state, ip, reason } = filter;
  const userId = user && (await findPersonId(app, user));
  if (userId === null) return null;
  if (reason !== "expired") return { userId, state, ip, reason };
  return state === undefined || state === "expired" ? { userId, state: "expired", ip } : null;
}

/**
 * Looking for expired sessions from the newest on, one would first pass all that are too young to have expired. When
 * the first look finds too few, the next begins behind those.
 */
async function find(app: App, { filter, after, limit }: AskedPage<SessionFilter>, now: Date): Promise<Found> {
  const { LEEWAY, REFRESH_TOKEN_LIFETIME, SESSION_MAX_LIFETIME } = app.settings;
  const notBefore = secondsAfter(now, -LEEWAY);
  const found = await listAnySessions(app.db, filter, { after, limit }, notBefore);
  if (filter.state !== "expired" || !found.next || found.rows.length === limit) return found;
  const oldEnough = secondsAfter(notBefore, -Math.min(REFRESH_TOKEN_LIFETIME, SESSION_MAX_LIFETIME));
  if (found.next.createdAt <= oldEnough) return found;
  const behind = { after: { createdAt: oldEnough, id: LAST_ID }, limit: limit - found.rows.length };
  const more = await listAnySessions(app.db, filter, behind, notBefore);
  return { rows: [...found.rows, ...more.rows], next: more.next };
}
