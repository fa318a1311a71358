import { deletePasskey } from "@/db/queries/passkeys.ts";
import type { LoggedInCall } from "@/lib/auth/sessions/principal.ts";
import { type Failure, failure } from "@/lib/contract/errors.ts";
import { lockStrongCaller } from "./lock-strong-caller.ts";
import { requireStrongLogIn } from "./require-strong-log-in.ts";
import { settleFactors } from "./settle-factors.ts";

/**
 * Takes one of the caller's passkeys away.
 *
 * 1. the last proof of who they are is older than ten minutes, or was not by a strong factor → `recent_login_required`
 * 2. the session has ended by now, or the account is inactive or gone → refused as everywhere
 * 3. none of theirs has that id → `not_found`
 * 4. else → it opens nothing any more; with the last strong factor the recovery codes go
 */
export async function removePasskey(call: LoggedInCall, id: string): Promise<{ kind: "removed" } | Failure> {
  const refused = requireStrongLogIn(call);
  if (refused) return refused;
  return call.app.transaction(async (transaction) => {
    const caller = await lockStrongCaller(transaction, call);
    if (caller.kind === "failure") return caller;
    const { user, session } = caller;
    if (!(await deletePasskey(transaction, user.id, id))) return failure("not_found");
    const event = { type: "passkey.removed", sessionId: session.id } as const;
    await settleFactors(transaction, call, { user, event, told: "passkey-removed" });
    return { kind: "removed" };
  });
}
