import type { Executor } from "@/db/client.ts";
import { type RevocationScope, type RevokedReason, revokeSessions } from "@/db/queries/sessions.ts";
import { type Device, recordForEach } from "@/lib/audit.ts";

/** Who ends sessions, and from where. */
export type Ending = { reason: RevokedReason; actorId?: string; device?: Device };

/**
 * Ends every live session in `scope`, one statement however many there are, and records them all with another in the
 * same transaction. Returns how many it ended: of simultaneous calls each session counts for one.
 */
export async function endSessions(
  transaction: Executor,
  scope: RevocationScope,
  { reason, actorId, device }: Ending,
  now: Date,
): Promise<number> {
  const ended = await revokeSessions(transaction, scope, reason, now);
  const type = reason === "token_reused" ? "refresh_token.reused" : "session.revoked";
  await recordForEach(transaction, ended, { type, actorId, device, data: { reason } }, now);
  return ended.length;
}
