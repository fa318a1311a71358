import { findUser } from "@/db/queries/users.ts";
import { removeFactorsWithin } from "@/lib/auth/account/remove-factors.ts";
import { requireRecentAdmin } from "@/lib/auth/sessions/authorize.ts";
import { lockActingAdmin } from "@/lib/auth/sessions/lock-caller.ts";
import type { LoggedInCall } from "@/lib/auth/sessions/principal.ts";
import { type Failure, failure } from "@/lib/contract/errors.ts";

const OWN = "You can't take your own factors away here. Use your security page.";

/**
 * Takes every strong factor of a person away who lost them all.
 *
 * 1. the caller is no admin, stopped being one at this very moment, or logged in too long ago → refused
 * 2. nobody has that id → `not_found`
 * 3. they are the caller → `permission_denied`: one's own factors need one of them
 * 4. else → they are gone, as `removeFactors` says; `removed` is false where there were none
 */
export async function removeFactorsOf(
  call: LoggedInCall,
  { userId, why }: { userId: string; why: string },
): Promise<{ kind: "settled"; removed: boolean } | Failure> {
  const { app, device, principal } = call;
  const refused = requireRecentAdmin(call);
  if (refused) return refused;
  if (!(await findUser(app.db, userId))) return failure("not_found");
  if (userId === principal.user.id) return failure("permission_denied", OWN);
  return app.transaction(async (transaction) => {
    const caller = await lockActingAdmin(transaction, call);
    if (caller.kind === "failure") return caller;
    const removal = { userId, why, actorId: caller.user.id, device };
    return { kind: "settled", removed: await removeFactorsWithin(transaction, call, removal) };
  });
}
