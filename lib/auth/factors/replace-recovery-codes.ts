import type { LoggedInCall } from "@/lib/auth/sessions/principal.ts";
import { type Failure, failure } from "@/lib/contract/errors.ts";
import { lockStrongCaller } from "./lock-strong-caller.ts";
import { hasStrongFactor } from "./methods.ts";
import { makeRecoveryCodes } from "./recovery-codes.ts";
import { requireStrongLogIn } from "./require-strong-log-in.ts";
import { settleFactors } from "./settle-factors.ts";

/**
 * Gives the caller ten new recovery codes; older ones are void.
 *
 * 1. the last proof of who they are is older than ten minutes, or was not by a strong factor → `recent_login_required`
 * 2. the session has ended by now, or the account is inactive or gone → refused as everywhere
 * 3. there is no strong factor that they could stand in for → `no_strong_factor`
 * 4. else → the codes, shown this once
 */
export async function replaceRecoveryCodes(
  call: LoggedInCall,
): Promise<{ kind: "replaced"; recoveryCodes: string[] } | Failure> {
  const refused = requireStrongLogIn(call);
  if (refused) return refused;
  return call.app.transaction(async (transaction) => {
    const caller = await lockStrongCaller(transaction, call);
    if (caller.kind === "failure") return caller;
    const { user, session } = caller;
    if (!hasStrongFactor(user)) return failure("no_strong_factor");
    const recoveryCodes = await makeRecoveryCodes(transaction, call, user.id);
    const event = { type: "recovery_codes.made", sessionId: session.id } as const;
    await settleFactors(transaction, call, { user, event, told: "codes-made" });
    return { kind: "replaced", recoveryCodes };
  });
}
