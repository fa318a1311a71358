import { Nothing } from "@/lib/contract/tokens.ts";
import { answerContinue } from "@/lib/http/routes/lead-on.ts";
import { methods, route } from "@/lib/http/routes/route.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  GET: route(Nothing, async (_input, edge) => answerContinue(edge, edge.query.get("to") ?? "")),
});
