import { toListedUser } from "@/lib/auth/account/list-users.ts";
import { type Invitation, inviteUser as invite } from "@/lib/auth/registration/invite-user.ts";
import { requireAdmin, requireRecentAdmin } from "@/lib/auth/sessions/authorize.ts";
import type { LoggedInCall } from "@/lib/auth/sessions/principal.ts";
import type { AdminUser } from "@/lib/contract/admin.ts";
import { type Failure, type InvalidFields, invalidFields } from "@/lib/contract/errors.ts";

/**
 * Invites a person by mail; they choose their own password.
 *
 * 1. the caller is no admin → `permission_denied`; to make another admin they must have logged in recently
 * 2. an address that the rules refuse, or that has an account → the field and why
 * 3. else → the person, who can log in once they have accepted
 */
export async function inviteUser(
  call: LoggedInCall,
  invitation: Invitation,
): Promise<{ kind: "invited"; person: AdminUser } | Failure | InvalidFields> {
  const { principal, device } = call;
  const refused = invitation.role === "admin" ? requireRecentAdmin(call) : requireAdmin(principal);
  if (refused) return refused;
  const invited = await invite(call, principal, invitation, device);
  if (invited.kind === "taken") return invalidFields({ email: ["This address has an account."] });
  if (invited.kind !== "invited") return invited;
  return { kind: "invited", person: toListedUser(invited.user) };
}
