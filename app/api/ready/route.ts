import { Nothing } from "@/lib/contract/tokens.ts";
import { respond } from "@/lib/http/answer/respond.ts";
import { methods, route } from "@/lib/http/routes/route.ts";
import { checkReadiness } from "@/lib/operations/check-readiness.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  GET: route(Nothing, async (_input, { app }) =>
    respond(await checkReadiness(app), () => ({ status: "ready" })),
  ),
});
