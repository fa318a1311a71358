import { findOwnedSession } from "@/db/queries/any-sessions.ts";
import { requireRecentAdmin } from "@/lib/auth/sessions/authorize.ts";
import { endSessions } from "@/lib/auth/sessions/end-sessions.ts";
import { lockActingAdmin } from "@/lib/auth/sessions/lock-caller.ts";
import type { LoggedInCall } from "@/lib/auth/sessions/principal.ts";
import { type Failure, failure } from "@/lib/contract/errors.ts";

/**
 * Ends one session of anybody, the caller's own too.
 *
 * 1. the caller is no admin, stopped being one at this very moment, or logged in too long ago → refused
 * 2. there is no such session, or it has ended → `not_found`
 * 3. else → it ends with reason `revoked_by_admin`, on record with who did it and why
 */
export async function revokeSession(
  call: LoggedInCall,
  { sessionId, why }: { sessionId: string; why?: string | undefined },
): Promise<{ kind: "revoked" } | Failure> {
  const { app, principal, device } = call;
  const refused = requireRecentAdmin(call);
  if (refused) return refused;
  const ending = { reason: "revoked_by_admin", actorId: principal.user.id, device, why } as const;
  const found = await findOwnedSession(app.db, sessionId);
  if (!found) return failure("not_found");
  return app.transaction(async (transaction) => {
    const caller = await lockActingAdmin(transaction, call);
    if (caller.kind === "failure") return caller;
    const ended = await endSessions(transaction, call, { sessionId, userId: found.user.id }, ending);
    return ended > 0 ? { kind: "revoked" } : failure("not_found");
  });
}
