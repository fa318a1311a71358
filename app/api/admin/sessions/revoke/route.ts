import { revokeSessionsMatching } from "@/lib/auth/admin/revoke-sessions-matching.ts";
import { RevokeSessionsRequest } from "@/lib/contract/admin-filters.ts";
import { respond } from "@/lib/http/respond.ts";
import { adminRoute, methods } from "@/lib/http/route.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  POST: adminRoute(RevokeSessionsRequest, async (revocation, { app, principal, device, now }) =>
    respond(await revokeSessionsMatching(app, principal, revocation, device, now), ({ count }) => ({
      revoked: count,
    })),
  ),
});
