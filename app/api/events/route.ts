import { listOwnEvents } from "@/lib/auth/list-own-events.ts";
import { Nothing } from "@/lib/contract/tokens.ts";
import { respond } from "@/lib/http/respond.ts";
import { loggedInRoute, methods } from "@/lib/http/route.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  GET: loggedInRoute(Nothing, async (_input, { app, principal, query }) =>
    respond(await listOwnEvents(app, principal, query), ({ page }) => page),
  ),
});
