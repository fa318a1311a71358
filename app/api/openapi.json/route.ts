import { Nothing } from "@/lib/contract/tokens.ts";
import { apiDescription } from "@/lib/http/api-description.ts";
import { methods, route } from "@/lib/http/route.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  GET: route(Nothing, async (_input, { app }) => ({ status: 200, body: apiDescription(app.settings) })),
});
