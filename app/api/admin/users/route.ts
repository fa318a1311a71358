import { invitePerson } from "@/lib/auth/admin/invite-person.ts";
import { listPeople } from "@/lib/auth/admin/list-people.ts";
import { InviteUserRequest } from "@/lib/contract/admin.ts";
import { Nothing } from "@/lib/contract/tokens.ts";
import { respond } from "@/lib/http/respond.ts";
import { adminRoute, methods } from "@/lib/http/route.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  GET: adminRoute(Nothing, async (_input, { app, principal, query }) =>
    respond(await listPeople(app, principal, query), ({ page }) => page),
  ),
  POST: adminRoute(InviteUserRequest, async (invitation, { app, principal, device, now }) =>
    respond(await invitePerson(app, principal, invitation, device, now), ({ person }) => person, 201),
  ),
});
