import { revokeOtherSessions } from "@/lib/auth/revoke-own-sessions.ts";
import { Nothing } from "@/lib/contract/tokens.ts";
import { respond } from "@/lib/http/respond.ts";
import { loggedInRoute, methods } from "@/lib/http/route.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  POST: loggedInRoute(Nothing, async (_input, { app, principal, device, now }) =>
    respond(await revokeOtherSessions(app, principal, device, now), ({ count }) => ({ revoked: count })),
  ),
});
