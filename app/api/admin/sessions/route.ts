import { listAllSessions } from "@/lib/auth/admin/list-all-sessions.ts";
import { SessionListFilter } from "@/lib/contract/admin-filters.ts";
import { Nothing } from "@/lib/contract/tokens.ts";
import { respond } from "@/lib/http/answer/respond.ts";
import { withListQuery } from "@/lib/http/request/list-query.ts";
import { adminRoute, methods } from "@/lib/http/routes/route.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  GET: adminRoute(Nothing, async (_input, call) =>
    respond(
      await withListQuery(call.query, SessionListFilter, (asked) => listAllSessions(call, asked)),
      ({ page }) => page,
    ),
  ),
});
