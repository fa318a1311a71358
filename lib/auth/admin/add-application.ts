import { addApplicationWithin, type WithSecret } from "@/lib/auth/applications/add-application.ts";
import { requireRecentAdmin } from "@/lib/auth/sessions/authorize.ts";
import { lockActingAdmin } from "@/lib/auth/sessions/lock-caller.ts";
import type { LoggedInCall } from "@/lib/auth/sessions/principal.ts";
import type { AddApplicationRequest } from "@/lib/contract/applications.ts";
import type { Failure } from "@/lib/contract/errors.ts";

/**
 * Adds an application.
 *
 * 1. the caller is no admin, stopped being one at this very moment, or logged in too long ago → refused
 * 2. else → added, with its secret, which is told this once
 */
export async function addApplication(
  call: LoggedInCall,
  asked: AddApplicationRequest,
): Promise<{ kind: "added"; application: WithSecret } | Failure> {
  const { app, device } = call;
  const refused = requireRecentAdmin(call);
  if (refused) return refused;
  return app.transaction(async (transaction) => {
    const caller = await lockActingAdmin(transaction, call);
    if (caller.kind === "failure") return caller;
    const changer = { actorId: caller.user.id, device };
    return { kind: "added", application: await addApplicationWithin(transaction, call, asked, changer) };
  });
}
