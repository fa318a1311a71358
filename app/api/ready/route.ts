import { checkReadiness } from "@/lib/check-readiness.ts";
import { Nothing } from "@/lib/contract/tokens.ts";
import { respond } from "@/lib/http/respond.ts";
import { methods, route } from "@/lib/http/route.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  GET: route(Nothing, async (_input, { app }) =>
    respond(await checkReadiness(app), () => ({ status: "ready" })),
  ),
});
