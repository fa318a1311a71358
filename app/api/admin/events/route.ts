import { exportEvents, listEvents } from "@/lib/auth/admin/list-events.ts";
import { Nothing } from "@/lib/contract/tokens.ts";
import { csvAnswer, prefersCsv } from "@/lib/http/csv.ts";
import { respond } from "@/lib/http/respond.ts";
import { adminRoute, methods } from "@/lib/http/route.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  GET: adminRoute(Nothing, async (_input, { app, principal, query, request, device, now }) =>
    prefersCsv(request)
      ? csvAnswer(await exportEvents(app, principal, query, device, now), { name: "events.csv", request })
      : respond(await listEvents(app, principal, query), ({ page }) => page),
  ),
});
