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
 * Ends every live session in `scope`, one statement however many there are, and records them all with another in the
 * same transaction. Returns how many it ended: of simultaneous calls each session counts for one.
 */
export async function endSessions(
  transaction: Executor,
  scope: RevocationScope,
  { reason, actorId, device, why }: Ending,
  now: Date,
): Promise<number> {
  const ended = await revokeSessions(transaction, scope, reason, now);
  const type = reason === "token_reused" ? "refresh_token.reused" : "session.revoked";
  const data = { reason, ...(why !== undefined && { why }) };
  await recordForEach(transaction, ended, { type, actorId, device, data }, now);
  return ended.length;
}
