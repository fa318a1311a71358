import { nameSession } from "@/lib/auth/name-session.ts";
import { revokeOwnSession } from "@/lib/auth/revoke-own-sessions.ts";
import { NameSessionRequest } from "@/lib/contract/sessions.ts";
import { Nothing } from "@/lib/contract/tokens.ts";
import { respond } from "@/lib/http/respond.ts";
import { loggedInRoute, methods } from "@/lib/http/route.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  PATCH: loggedInRoute(NameSessionRequest, async ({ name }, { app, principal, id, now }) =>
    respond(await nameSession(app, principal, { id, name }, now), ({ session }) => session),
  ),
  DELETE: loggedInRoute(Nothing, async (_input, { app, principal, id, device, now }) =>
    respond(await revokeOwnSession(app, principal, id, device, now), () => undefined, 204),
  ),
});
