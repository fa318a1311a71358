import { searchUsers } from "@/db/queries/list-users.ts";
import type { App } from "@/lib/app.ts";
import type { AdminUser } from "@/lib/contract/admin.ts";
import { UserListFilter } from "@/lib/contract/admin-filters.ts";
import type { Failure } from "@/lib/contract/errors.ts";
import type { Page } from "@/lib/contract/pages.ts";
import { requireAdmin } from "../authorize.ts";
import { toListedUser } from "../list-users.ts";
import type { Principal } from "../principal.ts";
import { readListQuery, toWirePage } from "./read-list-query.ts";

/**
 * One page of the people with an account, the newest first.
 *
 * 1. the caller is no admin → `permission_denied`
 * 2. a filter, limit or cursor that is none → `bad_request`
 * 3. else → those whose address or name starts with `search`, who are active or not, who have that role
 */
export async function listPeople(
  app: App,
  principal: Principal,
  query: URLSearchParams,
): Promise<{ kind: "listed"; page: Page<AdminUser> } | Failure> {
  const refused = requireAdmin(principal);
  if (refused) return refused;
  const asked = readListQuery(query, UserListFilter);
  if (asked.kind === "failure") return asked;
  const { search, is_active: isActive, role } = asked.filter;
  const found = await searchUsers(app.db, { search, isActive, role }, asked);
  return { kind: "listed", page: toWirePage(found, toListedUser) };
}
