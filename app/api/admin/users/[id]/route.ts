import { changePerson } from "@/lib/auth/admin/change-person.ts";
import { showPerson } from "@/lib/auth/admin/show-person.ts";
import { ChangePersonRequest } from "@/lib/contract/admin.ts";
import { Nothing } from "@/lib/contract/tokens.ts";
import { respond } from "@/lib/http/respond.ts";
import { adminRoute, methods } from "@/lib/http/route.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  GET: adminRoute(Nothing, async (_input, { app, principal, id, now }) =>
    respond(await showPerson(app, principal, id, now), ({ person }) => person),
  ),
  PATCH: adminRoute(ChangePersonRequest, async (change, { app, principal, id, device, now }) =>
    respond(await changePerson(app, principal, { userId: id, change }, device, now), ({ person }) => person),
  ),
});
