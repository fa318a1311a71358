import { nameSession } from "@/lib/auth/sessions/name-session.ts";
import { revokeOwnSession } from "@/lib/auth/sessions/revoke-own-sessions.ts";
import { NameSessionRequest } from "@/lib/contract/sessions.ts";
import { Nothing } from "@/lib/contract/tokens.ts";
import { respond } from "@/lib/http/answer/respond.ts";
import { loggedInRoute, methods } from "@/lib/http/routes/route.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  PATCH: loggedInRoute(NameSessionRequest, async ({ name }, call) =>
    respond(await nameSession(call, { id: call.id, name }), ({ session }) => session),
  ),
  DELETE: loggedInRoute(Nothing, async (_input, call) =>
    respond(await revokeOwnSession(call, call.id), () => undefined, 204),
  ),
});
