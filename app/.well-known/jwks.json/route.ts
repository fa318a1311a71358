import { publishedKeys } from "@/lib/auth/applications/published-keys.ts";
import { Nothing } from "@/lib/contract/tokens.ts";
import { methods, route } from "@/lib/http/routes/route.ts";

const CACHEABLE = { "cache-control": "public, max-age=600" };

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods(
  {
    GET: route(Nothing, async (_input, { app }) => ({
      status: 200,
      body: await publishedKeys(app),
      headers: CACHEABLE,
      readableBy: "*",
    })),
  },
  { readers: async () => "*" },
);
