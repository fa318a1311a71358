import { showApplication } from "@/lib/auth/admin/list-applications.ts";
import { removeApplication } from "@/lib/auth/admin/remove-application.ts";
import { AdminActRequest } from "@/lib/contract/admin.ts";
import { Nothing } from "@/lib/contract/tokens.ts";
import { respond } from "@/lib/http/answer/respond.ts";
import { adminRoute, methods } from "@/lib/http/routes/route.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  GET: adminRoute(Nothing, async (_input, call) =>
    respond(await showApplication(call, call.id), ({ application }) => application),
  ),
  DELETE: adminRoute(AdminActRequest, async ({ reason: why }, call) =>
    respond(await removeApplication(call, { clientId: call.id, why }), () => undefined, 204),
  ),
});
