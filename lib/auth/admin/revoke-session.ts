import type { App } from "@/lib/app.ts";
import type { Device } from "@/lib/audit.ts";
import { type Failure, failure } from "@/lib/contract/errors.ts";
import { requireRecentAdmin } from "../authorize.ts";
import { endSessions } from "../end-sessions.ts";
import type { Principal } from "../principal.ts";

/**
 * Ends one session of anybody, the caller's own too.
 *
 * 1. the caller is no admin, or logged in too long ago → refused
 * 2. there is no such session, or it has ended → `not_found`
 * 3. else → it ends with reason `revoked_by_admin`, on record with who did it and why
 */
export async function revokeSession(
  app: App,
  principal: Principal,
  { sessionId, why }: { sessionId: string; why?: string | undefined },
  device: Device,
  now: Date,
): Promise<{ kind: "revoked" } | Failure> {
  const refused = requireRecentAdmin(principal, now);
  if (refused) return refused;
  const ending = { reason: "revoked_by_admin", actorId: principal.user.id, device, why } as const;
  const ended = await app.db.transaction((transaction) =>
    endSessions(transaction, { sessionId }, ending, now),
  );
  return ended > 0 ? { kind: "revoked" } : failure("not_found");
}
