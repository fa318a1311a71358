import { inspectToken } from "@/lib/auth/admin/inspect-token.ts";
import { InspectTokenRequest } from "@/lib/contract/admin.ts";
import { respond } from "@/lib/http/answer/respond.ts";
import { adminRoute, methods } from "@/lib/http/routes/route.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  POST: adminRoute(InspectTokenRequest, async (inspected, call) =>
    respond(await inspectToken(call, inspected), ({ token }) => token),
  ),
});
