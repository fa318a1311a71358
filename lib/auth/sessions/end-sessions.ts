import type { Executor } from "@/db/client.ts";
import { type End, type RevocationScope, revokeSessions } from "@/db/queries/end-sessions.ts";
import type { RevokedReason } from "@/db/queries/sessions.ts";
import type { Moment } from "@/lib/app/call.ts";
import { type Device, recordForEach } from "@/lib/audit/record.ts";
import { secondsAfter } from "@/lib/base/clock.ts";

/** Who ends sessions, from where, and in an admin's words why. */
export type Ending = {
  reason: RevokedReason;
  actorId?: string | undefined;
  device?: Device | undefined;
  why?: string | undefined;
};

/**
 * Ends every live session in `scope`, one statement however many there are, then what applications opened from those,
 * and records them all with another in the same transaction. Returns how many of `scope` it ended: of simultaneous calls
 * each session counts for one.
 *
 * A session that `scope` spares stays, though it was opened from one that ends. What was opened ends by a statement of
 * its own, which sees what an application opened while the first one waited. Nobody's row is waited for first: an end
 * comes before whatever its session still waits for.
 */
export async function endSessions(
  transaction: Executor,
  moment: Moment,
  scope: RevocationScope,
  { reason, actorId, device, why }: Ending,
): Promise<number> {
  const end = endNow(moment, reason);
  const ended = await revokeSessions(transaction, scope, end);
  const openedBy = ended.map(({ id }) => id);
  const except = "except" in scope ? scope.except : undefined;
  const opened = openedBy.length > 0 ? await revokeSessions(transaction, { openedBy, except }, end) : [];
  const type = reason === "token_reused" ? "refresh_token.reused" : "session.revoked";
  const data = { reason, ...(why !== undefined && { why }) };
  await recordForEach(transaction, [...ended, ...opened], { type, actorId, device, data }, moment.now);
  return ended.length;
}

/** An end at this moment, which other services hear of until the last access token has expired. */
export function endNow({ app, now }: Moment, reason: RevokedReason): End {
  return { reason, at: now, until: secondsAfter(now, app.settings.ACCESS_TOKEN_LIFETIME) };
}
