import { listOwnEvents } from "@/lib/auth/activity/list-own-events.ts";
import { Nothing } from "@/lib/contract/tokens.ts";
import { respond } from "@/lib/http/answer/respond.ts";
import { NoFilter, withListQuery } from "@/lib/http/request/list-query.ts";
import { loggedInRoute, methods } from "@/lib/http/routes/route.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  GET: loggedInRoute(Nothing, async (_input, call) =>
    respond(
      await withListQuery(call.query, NoFilter, (asked) => listOwnEvents(call, asked)),
      ({ page }) => page,
    ),
  ),
});
