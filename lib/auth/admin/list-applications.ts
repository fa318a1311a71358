import {
  listApplications as list,
  showApplication as show,
} from "@/lib/auth/applications/list-applications.ts";
import { requireAdmin } from "@/lib/auth/sessions/authorize.ts";
import type { LoggedInCall } from "@/lib/auth/sessions/principal.ts";
import type { PublicApplication } from "@/lib/contract/applications.ts";
import { type Failure, failure } from "@/lib/contract/errors.ts";
import type { Page } from "@/lib/contract/pages.ts";

/** Every application, by name, on one page: an operator has a handful. `permission_denied` for who is no admin. */
export async function listApplications(
  call: LoggedInCall,
): Promise<{ kind: "listed"; page: Page<PublicApplication> } | Failure> {
  const refused = requireAdmin(call.principal);
  return refused ?? { kind: "listed", page: { results: await list(call), next: null } };
}

/** One application; `permission_denied` for who is no admin, `not_found` where there is none of that `client_id`. */
export async function showApplication(
  call: LoggedInCall,
  clientId: string,
): Promise<{ kind: "shown"; application: PublicApplication } | Failure> {
  const refused = requireAdmin(call.principal);
  if (refused) return refused;
  const application = await show(call, clientId);
  return application ? { kind: "shown", application } : failure("not_found");
}
