import { Nothing } from "@/lib/contract/tokens.ts";
import { respondWithText } from "@/lib/http/answer/respond.ts";
import { bearerToken } from "@/lib/http/request/credentials.ts";
import { methods, route } from "@/lib/http/routes/route.ts";
import { METRICS_CONTENT_TYPE } from "@/lib/metrics/counters.ts";
import { readMetrics } from "@/lib/operations/read-metrics.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  GET: route(Nothing, async (_input, { app, request, device, now }) =>
    respondWithText(
      await readMetrics(app, bearerToken(request.headers.get("authorization")), device, now),
      METRICS_CONTENT_TYPE,
    ),
  ),
});
