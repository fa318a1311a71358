import { Nothing } from "@/lib/contract/tokens.ts";
import { readParameters } from "@/lib/http/request/parameters.ts";
import { browserForm } from "@/lib/http/routes/client-route.ts";
import { answerLogOut } from "@/lib/http/routes/log-browser-out.ts";
import { methods, route } from "@/lib/http/routes/route.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  GET: route(Nothing, async (_input, edge) => answerLogOut(edge, readParameters(edge.query).values)),
  POST: browserForm("/oauth/logout", (edge, { values }) => answerLogOut(edge, values)),
});
