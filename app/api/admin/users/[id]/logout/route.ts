import { logOutUser } from "@/lib/auth/admin/log-out-user.ts";
import { AdminActRequest } from "@/lib/contract/admin.ts";
import { respond } from "@/lib/http/answer/respond.ts";
import { adminRoute, methods } from "@/lib/http/routes/route.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  POST: adminRoute(AdminActRequest, async ({ reason: why }, { app, principal, id: userId, device, now }) =>
    respond(await logOutUser({ app, principal, device, now }, { userId, why }), ({ count }) => ({
      revoked: count,
    })),
  ),
});
