import { Nothing } from "@/lib/contract/tokens.ts";
import { methods, route } from "@/lib/http/routes/route.ts";
import { apiDescription } from "@/lib/reference/api-description.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  GET: route(Nothing, async (_input, { app }) => ({ status: 200, body: apiDescription(app.settings) })),
});
