import { inspectToken } from "@/lib/auth/admin/inspect-token.ts";
import { InspectTokenRequest } from "@/lib/contract/admin.ts";
import { respond } from "@/lib/http/respond.ts";
import { adminRoute, methods } from "@/lib/http/route.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  POST: adminRoute(InspectTokenRequest, async (inspected, { app, principal, device, now }) =>
    respond(await inspectToken(app, principal, inspected, device, now), ({ token }) => token),
  ),
});
