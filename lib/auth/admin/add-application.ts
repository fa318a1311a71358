import { addApplicationWithin, type WithSecret } from "@/lib/auth/applications/add-application.ts";
import type { LoggedInCall } from "@/lib/auth/sessions/principal.ts";
import type { AddApplicationRequest } from "@/lib/contract/applications.ts";
import type { Failure } from "@/lib/contract/errors.ts";
import { actAsAdmin } from "./act-as-admin.ts";

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
  return actAsAdmin(call, undefined, async (transaction, changer) => ({
    kind: "added",
    application: await addApplicationWithin(transaction, call, asked, changer),
  }));
}
