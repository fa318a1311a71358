import { logOutPerson } from "@/lib/auth/admin/log-out-person.ts";
import { AdminActRequest } from "@/lib/contract/admin.ts";
import { respond } from "@/lib/http/respond.ts";
import { adminRoute, methods } from "@/lib/http/route.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  POST: adminRoute(AdminActRequest, async ({ reason: why }, { app, principal, id: userId, device, now }) =>
    respond(await logOutPerson(app, principal, { userId, why }, device, now), ({ count }) => ({
      revoked: count,
    })),
  ),
});
