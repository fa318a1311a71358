import { exportEvents, listEvents } from "@/lib/auth/admin/list-events.ts";
import { EventListFilter } from "@/lib/contract/admin-filters.ts";
import { Nothing } from "@/lib/contract/tokens.ts";
import { csvAnswer, prefersCsv } from "@/lib/http/answer/csv.ts";
import { respond } from "@/lib/http/answer/respond.ts";
import { withListQuery } from "@/lib/http/request/list-query.ts";
import { adminRoute, methods } from "@/lib/http/routes/route.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  GET: adminRoute(Nothing, async (_input, call) =>
    prefersCsv(call.request)
      ? csvAnswer(await withListQuery(call.query, EventListFilter, (asked) => exportEvents(call, asked)), {
          name: "events.csv",
          request: call.request,
        })
      : respond(
          await withListQuery(call.query, EventListFilter, (asked) => listEvents(call, asked)),
          ({ page }) => page,
        ),
  ),
});
