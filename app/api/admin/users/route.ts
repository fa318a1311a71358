import { inviteUser } from "@/lib/auth/admin/invite-user.ts";
import { listUsers } from "@/lib/auth/admin/list-users.ts";
import { InviteUserRequest } from "@/lib/contract/admin.ts";
import { UserListFilter } from "@/lib/contract/admin-filters.ts";
import { Nothing } from "@/lib/contract/tokens.ts";
import { respond } from "@/lib/http/answer/respond.ts";
import { withListQuery } from "@/lib/http/request/list-query.ts";
import { adminRoute, methods } from "@/lib/http/routes/route.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  GET: adminRoute(Nothing, async (_input, call) =>
    respond(
      await withListQuery(call.query, UserListFilter, (asked) => listUsers(call, asked)),
      ({ page }) => page,
    ),
  ),
  POST: adminRoute(InviteUserRequest, async (invitation, call) =>
    respond(await inviteUser(call, invitation), ({ person }) => person, 201),
  ),
});
