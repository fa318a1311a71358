import type { Executor } from "@/db/client.ts";
import { type RevocationScope, type RevokedReason, revokeSessions } from "@/db/queries/sessions.ts";
import { type Device, recordForEach } from "@/lib/audit/record.ts";

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
  scope: RevocationScope,
  { reason, actorId, device, why }: Ending,
  now: Date,
): Promise<number> {
  const ended = await revokeSessions(transaction, scope, reason, now);
  const openedBy = ended.map(({ id }) => id);
  const except = "except" in scope ? scope.except : undefined;
  const opened =
    openedBy.length > 0 ? await revokeSessions(transaction, { openedBy, except }, reason, now) : [];
  const type = reason === "token_reused" ? "refresh_token.reused" : "session.revoked";
  const data = { reason, ...(why !== undefined && { why }) };
  await recordForEach(transaction, [...ended, ...opened], { type, actorId, device, data }, now);
  return ended.length;
}
