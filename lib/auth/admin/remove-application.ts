import { removeApplicationWithin } from "@/lib/auth/applications/remove-application.ts";
import type { LoggedInCall } from "@/lib/auth/sessions/principal.ts";
import { type Failure, failure } from "@/lib/contract/errors.ts";
import { actAsAdmin } from "./act-as-admin.ts";

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
  return actAsAdmin(call, why, async (transaction, changer) => {
    const removal = await removeApplicationWithin(transaction, call, clientId, changer);
    return removal.kind === "removed" ? removal : failure("not_found");
  });
}
