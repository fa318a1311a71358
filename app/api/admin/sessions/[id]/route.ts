import { revokeSession } from "@/lib/auth/admin/revoke-session.ts";
import { showAnySession } from "@/lib/auth/admin/show-any-session.ts";
import { AdminActRequest } from "@/lib/contract/admin.ts";
import { Nothing } from "@/lib/contract/tokens.ts";
import { respond } from "@/lib/http/answer/respond.ts";
import { adminRoute, methods } from "@/lib/http/routes/route.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  GET: adminRoute(Nothing, async (_input, call) =>
    respond(await showAnySession(call, call.id), ({ session }) => session),
  ),
  DELETE: adminRoute(
    AdminActRequest,
    async ({ reason: why }, { app, principal, id: sessionId, device, now }) =>
      respond(await revokeSession({ app, principal, device, now }, { sessionId, why }), () => undefined, 204),
  ),
});
