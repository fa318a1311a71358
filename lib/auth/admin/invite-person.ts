import type { App } from "@/lib/app.ts";
import type { Device } from "@/lib/audit.ts";
import type { AdminUser } from "@/lib/contract/admin.ts";
import { type Failure, type InvalidFields, invalidFields } from "@/lib/contract/errors.ts";
import { requireAdmin, requireRecentAdmin } from "../authorize.ts";
import { type Invitation, inviteUser } from "../invite-user.ts";
import { toListedUser } from "../list-users.ts";
import type { Principal } from "../principal.ts";

/**
 * Invites a person by mail; they choose their own password.
 *
 * 1. the caller is no admin → `permission_denied`; to make another admin they must have logged in recently
 * 2. an address that the rules refuse, or that has an account → the field and why
 * 3. else → the person, who can log in once they have accepted
 */
export async function invitePerson(
  app: App,
  principal: Principal,
  invitation: Invitation,
  device: Device,
  now: Date,
): Promise<{ kind: "invited"; person: AdminUser } | Failure | InvalidFields> {
  const refused = invitation.role === "admin" ? requireRecentAdmin(principal, now) : requireAdmin(principal);
  if (refused) return refused;
  const invited = await inviteUser(app, principal, invitation, device, now);
  if (invited.kind === "taken") return invalidFields({ email: ["This address has an account."] });
  if (invited.kind !== "invited") return invited;
  return { kind: "invited", person: toListedUser(invited.user) };
}
