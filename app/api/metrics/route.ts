import { Nothing } from "@/lib/contract/tokens.ts";
import { bearerToken } from "@/lib/http/credentials.ts";
import { respondWithText } from "@/lib/http/respond.ts";
import { methods, route } from "@/lib/http/route.ts";
import { METRICS_CONTENT_TYPE } from "@/lib/metrics.ts";
import { readMetrics } from "@/lib/read-metrics.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  GET: route(Nothing, async (_input, { app, request }) =>
    respondWithText(
      await readMetrics(app, bearerToken(request.headers.get("authorization"))),
      METRICS_CONTENT_TYPE,
    ),
  ),
});
