import { removeApplicationWithin } from "@/lib/auth/applications/remove-application.ts";
import { requireRecentAdmin } from "@/lib/auth/sessions/authorize.ts";
import { lockActingAdmin } from "@/lib/auth/sessions/lock-caller.ts";
import type { LoggedInCall } from "@/lib/auth/sessions/principal.ts";
import { type Failure, failure } from "@/lib/contract/errors.ts";

/**
 * Removes an application and ends every session of it.
 *
 * 1. the caller is no admin, stopped being one at this very moment, or logged in too long ago → refused
 * 2. there is no such application → `not_found`
 * 3. else → gone, as `removeApplication` says, on record with who did it and why
 */
export async function removeApplication(
  call: LoggedInCall,
  { clientId, why }: { clientId: string; why?: string | undefined },
): Promise<{ kind: "removed"; ended: number } | Failure> {
  const { app, device } = call;
  const refused = requireRecentAdmin(call);
  if (refused) return refused;
  return app.transaction(async (transaction) => {
    const caller = await lockActingAdmin(transaction, call);
    if (caller.kind === "failure") return caller;
    const changer = { actorId: caller.user.id, device, why };
    const removal = await removeApplicationWithin(transaction, call, clientId, changer);
    return removal.kind === "removed" ? removal : failure("not_found");
  });
}
