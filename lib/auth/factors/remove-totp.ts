import { deleteTotpSecrets } from "@/db/queries/totp-secrets.ts";
import type { LoggedInCall } from "@/lib/auth/sessions/principal.ts";
import type { Failure } from "@/lib/contract/errors.ts";
import { lockStrongCaller } from "./lock-strong-caller.ts";
import { requireStrongLogIn } from "./require-strong-log-in.ts";
import { settleFactors } from "./settle-factors.ts";

/**
 * Takes the authenticator app away, and one that waits for its first code.
 *
 * 1. the last proof of who they are is older than ten minutes, or was not by a strong factor → `recent_login_required`
 * 2. the session has ended by now, or the account is inactive or gone → refused as everywhere
 * 3. there was none in use → nothing is told
 * 4. else → it counts no more; with the last strong factor the recovery codes go
 */
export async function removeTotp(call: LoggedInCall): Promise<{ kind: "removed" } | Failure> {
  const refused = requireStrongLogIn(call);
  if (refused) return refused;
  return call.app.transaction(async (transaction) => {
    const caller = await lockStrongCaller(transaction, call);
    if (caller.kind === "failure") return caller;
    const { user, session } = caller;
    await deleteTotpSecrets(transaction, user.id);
    if (!user.totpSince) return { kind: "removed" };
    const event = { type: "two_factor.changed", sessionId: session.id, data: { totp: false } } as const;
    await settleFactors(transaction, call, { user, event, told: "totp-off" });
    return { kind: "removed" };
  });
}
