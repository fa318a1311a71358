import type { Transaction } from "@/db/client.ts";
import type { Changer } from "@/lib/auth/applications/add-application.ts";
import { requireRecentAdmin } from "@/lib/auth/sessions/authorize.ts";
import { lockActingAdmin } from "@/lib/auth/sessions/lock-caller.ts";
import type { LoggedInCall } from "@/lib/auth/sessions/principal.ts";
import type { Failure } from "@/lib/contract/errors.ts";

/**
 * Does in one transaction what an admin may do to an application, with who does it, from where and why for the record.
 * Who is no admin, stopped being one at this very moment, or logged in too long ago is refused, and nothing is done.
 */
export async function actAsAdmin<Outcome>(
  call: LoggedInCall,
  why: string | undefined,
  act: (transaction: Transaction, changer: Changer) => Promise<Outcome>,
): Promise<Outcome | Failure> {
  const refused = requireRecentAdmin(call);
  if (refused) return refused;
  return call.app.transaction(async (transaction) => {
    const caller = await lockActingAdmin(transaction, call);
    if (caller.kind === "failure") return caller;
    return act(transaction, { actorId: caller.user.id, device: call.device, why });
  });
}
