import { findUser } from "@/db/queries/users.ts";
import { logOutUserWithin } from "@/lib/auth/account/log-out-user.ts";
import { requireRecentAdmin } from "@/lib/auth/sessions/authorize.ts";
import { lockActingAdmin } from "@/lib/auth/sessions/lock-caller.ts";
import type { LoggedInCall } from "@/lib/auth/sessions/principal.ts";
import { type Failure, failure } from "@/lib/contract/errors.ts";

/**
 * Ends every session, challenge and trusted device of a person, the caller's own too; they may log in again.
 *
 * 1. the caller is no admin, stopped being one at this very moment, or logged in too long ago → refused
 * 2. nobody has that id → `not_found`
 * 3. else → all ended, and how many sessions
 */
export async function logOutUser(
  call: LoggedInCall,
  { userId, why }: { userId: string; why?: string | undefined },
): Promise<{ kind: "logged-out"; count: number } | Failure> {
  const { app, device } = call;
  const refused = requireRecentAdmin(call);
  if (refused) return refused;
  if (!(await findUser(app.db, userId))) return failure("not_found");
  return app.transaction(async (transaction) => {
    const caller = await lockActingAdmin(transaction, call);
    if (caller.kind === "failure") return caller;
    const logOut = { userId, actorId: caller.user.id, device, why };
    return { kind: "logged-out", count: await logOutUserWithin(transaction, call, logOut) };
  });
}
