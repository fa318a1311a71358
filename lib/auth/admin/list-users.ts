import { searchUsers } from "@/db/queries/list-users.ts";
import { toListedUser } from "@/lib/auth/account/list-users.ts";
import { requireAdmin } from "@/lib/auth/sessions/authorize.ts";
import type { LoggedInCall } from "@/lib/auth/sessions/principal.ts";
import type { AdminUser } from "@/lib/contract/admin.ts";
import type { UserListFilter } from "@/lib/contract/admin-filters.ts";
import type { Failure } from "@/lib/contract/errors.ts";
import { type AskedList, type Page, toWirePage } from "@/lib/contract/pages.ts";

/**
 * One page of the people with an account, the newest first.
 *
 * 1. the caller is no admin → `permission_denied`
 * 2. else → those whose address or name contains `search`, who are active or not, who have that role
 */
export async function listUsers(
  { app, principal }: LoggedInCall,
  asked: AskedList<UserListFilter>,
): Promise<{ kind: "listed"; page: Page<AdminUser> } | Failure> {
  const refused = requireAdmin(principal);
  if (refused) return refused;
  const { search, is_active: isActive, role } = asked.filter;
  const found = await searchUsers(app.db, { search, isActive, role }, asked);
  return { kind: "listed", page: toWirePage(found, toListedUser) };
}
