import { listAllSessions } from "@/lib/auth/admin/list-all-sessions.ts";
import { Nothing } from "@/lib/contract/tokens.ts";
import { respond } from "@/lib/http/respond.ts";
import { adminRoute, methods } from "@/lib/http/route.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  GET: adminRoute(Nothing, async (_input, { app, principal, query, now }) =>
    respond(await listAllSessions(app, principal, query, now), ({ page }) => page),
  ),
});
