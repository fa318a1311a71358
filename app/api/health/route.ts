import { Nothing } from "@/lib/contract/tokens.ts";
import { methods, route } from "@/lib/http/routes/route.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  GET: route(Nothing, async () => ({ status: 200, body: { status: "ok" } })),
});
