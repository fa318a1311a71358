import { changeUser } from "@/lib/auth/admin/change-user.ts";
import { showUser } from "@/lib/auth/admin/show-user.ts";
import { ChangePersonRequest } from "@/lib/contract/admin.ts";
import { Nothing } from "@/lib/contract/tokens.ts";
import { respond } from "@/lib/http/answer/respond.ts";
import { adminRoute, methods } from "@/lib/http/routes/route.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  GET: adminRoute(Nothing, async (_input, call) =>
    respond(await showUser(call, call.id), ({ person }) => person),
  ),
  PATCH: adminRoute(ChangePersonRequest, async (change, call) =>
    respond(await changeUser(call, { userId: call.id, change }), ({ person }) => person),
  ),
});
