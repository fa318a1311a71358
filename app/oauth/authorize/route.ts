import { Nothing } from "@/lib/contract/tokens.ts";
import { readParameters } from "@/lib/http/request/parameters.ts";
import { browserForm } from "@/lib/http/routes/client-route.ts";
import { answerAuthorization, refuseAuthorization } from "@/lib/http/routes/lead-on.ts";
import { methods, route } from "@/lib/http/routes/route.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  GET: route(Nothing, async (_input, edge) => answerAuthorization(edge, readParameters(edge.query))),
  POST: browserForm("/oauth/authorize", answerAuthorization, refuseAuthorization),
});
