import { listAnySessions, type OwnedSession, type SessionFilter } from "@/db/queries/any-sessions.ts";
import type { FoundPage } from "@/db/queries/keyset.ts";
import type { App } from "@/lib/app/app.ts";
import type { Moment } from "@/lib/app/call.ts";
import { requireAdmin } from "@/lib/auth/sessions/authorize.ts";
import type { LoggedInCall } from "@/lib/auth/sessions/principal.ts";
import { secondsAfter } from "@/lib/base/clock.ts";
import type { AdminSession } from "@/lib/contract/admin.ts";
import type { SessionListFilter } from "@/lib/contract/admin-filters.ts";
import type { Failure } from "@/lib/contract/errors.ts";
import { type AskedList, type Page, toWirePage } from "@/lib/contract/pages.ts";
import { findUserId } from "./find-user.ts";
import { toAdminSession } from "./shapes.ts";

const NOTHING = { rows: [], next: null };
const LAST_ID = "ffffffff-ffff-ffff-ffff-ffffffffffff";

/**
 * One page of everybody's sessions, ended ones too, the newest log-in first. Where no index answers a filter (address,
 * expiry), a page looks at a bounded number of sessions: it may then be short, or empty, and still have a `next`.
 *
 * 1. the caller is no admin → `permission_denied`
 * 2. the filter names an address that nobody has → an empty page
 * 3. else → the sessions that match
 */
export async function listAllSessions(
  call: LoggedInCall,
  asked: AskedList<SessionListFilter>,
): Promise<{ kind: "listed"; page: Page<AdminSession> } | Failure> {
  const { app, principal } = call;
  const refused = requireAdmin(principal);
  if (refused) return refused;
  const filter = await toSessionFilter(app, asked.filter);
  const found = filter ? await find(call, { ...asked, filter }) : NOTHING;
  return { kind: "listed", page: toWirePage(found, (row) => toAdminSession(call, row)) };
}

/** A filter of the wire as the database asks it; null where it can match nothing. */
async function toSessionFilter(app: App, filter: SessionListFilter): Promise<SessionFilter | null> {
  const { user, state, ip, application: applicationId, reason } = filter;
  const userId = user && (await findUserId(app, user));
  if (userId === null) return null;
  const those = { userId, ip, applicationId };
  if (reason !== "expired") return { ...those, state, reason };
  return state === undefined || state === "expired" ? { ...those, state: "expired" } : null;
}

/**
 * Looking for expired sessions from the newest on, one would first pass all that are too young to have expired. When
 * the first look finds too few, the next begins behind those.
 */
async function find(
  { app, now }: Moment,
  { filter, after, limit }: AskedList<SessionFilter>,
): Promise<FoundPage<OwnedSession>> {
  const { LEEWAY, REFRESH_TOKEN_LIFETIME, SESSION_MAX_LIFETIME } = app.settings;
  const notBefore = secondsAfter(now, -LEEWAY);
  const found = await listAnySessions(app.db, filter, { after, limit }, notBefore);
  if (filter.state !== "expired" || !found.next || found.rows.length === limit) return found;
  const oldEnough = secondsAfter(notBefore, -Math.min(REFRESH_TOKEN_LIFETIME, SESSION_MAX_LIFETIME));
  if (found.next.at <= oldEnough) return found;
  const behind = { after: { at: oldEnough, id: LAST_ID }, limit: limit - found.rows.length };
  const more = await listAnySessions(app.db, filter, behind, notBefore);
  return { rows: [...found.rows, ...more.rows], next: more.next };
}
