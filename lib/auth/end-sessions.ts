import type { Executor } from "@/db/client.ts";
import { type RevocationScope, type RevokedReason, revokeSessions } from "@/db/queries/sessions.ts";
import { type Device, recordEvents } from "@/lib/audit.ts";

/** Who ends sessions, and from where. */
export type Ending = { reason: RevokedReason; actorId?: string; device?: Device };

/**
 * Ends every live session in `scope`, one statement however many there are, and records each in the same
 * transaction. Returns how many it ended: of simultaneous calls each session counts for one.
 */
export async function endSessions(
  transaction: Executor,
  scope: RevocationScope,
  { reason, actorId, device }: Ending,
  now: Date,
): Promise<number> {
  const ended = await revokeSessions(transaction, scope, reason, now);
  const type = reason === "token_reused" ? "refresh_token.reused" : "session.revoked";
  await recordEvents(
    transaction,
    ended.map(({ id, userId }) => ({ type, userId, actorId, sessionId: id, device, data: { reason } })),
    now,
  );
  return ended.length;
}
