import { type Told, tellOfEverybody } from "@/db/queries/revocations.ts";
import {
  type BatchOf,
  countLive,
  isEverybody,
  type LiveFilter,
  revokeMatching,
} from "@/db/queries/revoke-matching.ts";
import type { App } from "@/lib/app/app.ts";
import type { Moment } from "@/lib/app/call.ts";
import { type Device, recordEvent } from "@/lib/audit/record.ts";
import { requireAdmin, requireRecentAdmin } from "@/lib/auth/sessions/authorize.ts";
import { endNow } from "@/lib/auth/sessions/end-sessions.ts";
import type { LoggedInCall } from "@/lib/auth/sessions/principal.ts";
import { epochSeconds } from "@/lib/base/clock.ts";
import type { RevocationFilter, SessionRevocation } from "@/lib/contract/admin-filters.ts";
import { type Failure, type InvalidFields, invalidFields } from "@/lib/contract/errors.ts";
import { findUserId } from "./find-user.ts";

const REASON = "revoked_by_admin";

/**
 * Ends every session that a filter means. Everybody's includes the caller's own, who is logged out too.
 *
 * 1. the caller is no admin, or logged in too long ago → refused
 * 2. `count` was confirmed and another number matches by now → refused, and nothing ends
 * 3. the filter means only sessions that have ended, or an address that nobody has → none end
 * 4. else → all that were made until now end, with reason `revoked_by_admin`, each on record with who did it and why,
 *    and once altogether. One statement takes 5,000 of them: no refresh waits for millions, and a call that breaks off
 *    can be repeated. Sessions that begin meanwhile stay. With a browser's session ends what applications opened from
 *    it, which counts only where the filter means it too
 */
export async function revokeSessionsMatching(
  call: LoggedInCall,
  { filter, reason: why, count }: SessionRevocation,
): Promise<{ kind: "revoked"; count: number } | Failure | InvalidFields> {
  const { app, principal, device, now } = call;
  const refused = requireRecentAdmin(call);
  if (refused) return refused;
  const live = await toLiveFilter(app, filter);
  if (count !== undefined) {
    const matching = live ? await countLive(app.db, live, now) : 0;
    if (matching !== count)
      return invalidFields({ count: [`${matching} sessions match by now, not ${count}.`] });
  }
  if (!live) return { kind: "revoked", count: 0 };
  const act = { actorId: principal.user.id, device };
  const revoked = await revokeAll(call, live, { ...act, why });
  app.deliveries.wake();
  const data = { why, count: revoked, filter: JSON.stringify("everyone" in filter ? filter : live) };
  await recordEvent(app.db, { type: "sessions.revoked", ...act, data }, now);
  return { kind: "revoked", count: revoked };
}

/** How many sessions would end now: what an admin confirms. `permission_denied` for anybody else. */
export async function countSessionsMatching(
  { app, principal, now }: LoggedInCall,
  filter: RevocationFilter,
): Promise<{ kind: "counted"; count: number } | Failure> {
  const refused = requireAdmin(principal);
  if (refused) return refused;
  const live = await toLiveFilter(app, filter);
  return { kind: "counted", count: live ? await countLive(app.db, live, now) : 0 };
}

/** Which live sessions a filter means; null for none. */
async function toLiveFilter(app: App, filter: RevocationFilter): Promise<LiveFilter | null> {
  if ("everyone" in filter) return {};
  const { user, ip, application: applicationId, state, reason } = filter;
  if (reason !== undefined || (state !== undefined && state !== "outstanding")) return null;
  const userId = user && (await findUserId(app, user));
  return userId === null ? null : { userId, ip, applicationId };
}

/** Ends them, then what applications opened from them and no filter means. Returns how many the filter meant. */
async function revokeAll(call: Moment, live: LiveFilter, act: Act): Promise<number> {
  const told = isEverybody(live) ? await tellOfEverybody(call.app.db, endNow(call, REASON)) : null;
  const count = await revokeEach(call, live, "matching", act);
  await revokeEach(call, live, "opened", act);
  if (told !== null) await tellOfLateTokens(call.app, told);
  return count;
}

/**
 * Other services hear of everybody's end before it begins, for a call that breaks off; and, where it took longer than the
 * second it began in, once more of all tokens that were handed out meanwhile. Whoever logged in meanwhile refreshes.
 */
async function tellOfLateTokens(app: App, told: Told): Promise<void> {
  const end = endNow({ app, now: app.clock.now() }, REASON);
  if (epochSeconds(end.at) > epochSeconds(told.at)) await tellOfEverybody(app.db, end, told);
}

async function revokeEach(
  call: Moment,
  live: LiveFilter,
  of: BatchOf,
  { actorId, device, why }: Act,
): Promise<number> {
  const { app, now } = call;
  const end = endNow(call, REASON);
  const data = { reason: REASON, why };
  const event = { type: "session.revoked", createdAt: now, actorId, ...device, data };
  let count = 0;
  for (const wait of [false, true]) {
    let batch = await revokeMatching(app.db, live, { of, wait }, event, end);
    while (batch.last) {
      count += batch.ended;
      batch = await revokeMatching(app.db, live, { of, after: batch.last, wait }, event, end);
    }
  }
  return count;
}

type Act = { actorId: string; device: Device; why: string };
