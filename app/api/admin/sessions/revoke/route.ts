import { revokeSessionsMatching } from "@/lib/auth/admin/revoke-sessions-matching.ts";
import { RevokeSessionsRequest } from "@/lib/contract/admin-filters.ts";
import { respond } from "@/lib/http/answer/respond.ts";
import { adminRoute, methods } from "@/lib/http/routes/route.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  POST: adminRoute(RevokeSessionsRequest, async (revocation, call) =>
    respond(await revokeSessionsMatching(call, revocation), ({ count }) => ({
      revoked: count,
    })),
  ),
});
