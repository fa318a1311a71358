import { revokeOtherSessions } from "@/lib/auth/sessions/revoke-own-sessions.ts";
import { Nothing } from "@/lib/contract/tokens.ts";
import { respond } from "@/lib/http/answer/respond.ts";
import { loggedInRoute, methods } from "@/lib/http/routes/route.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  POST: loggedInRoute(Nothing, async (_input, call) =>
    respond(await revokeOtherSessions(call), ({ count }) => ({ revoked: count })),
  ),
});
