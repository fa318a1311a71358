import { oauthMetadata } from "@/lib/contract/oauth-metadata.ts";
import { Nothing } from "@/lib/contract/tokens.ts";
import { methods, route } from "@/lib/http/routes/route.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods(
  {
    GET: route(Nothing, async (_input, { app }) => ({
      status: 200,
      body: oauthMetadata(app.settings.APP_URL, app.tokens.keys.id.algorithm),
      readableBy: "*",
    })),
  },
  { readers: async () => "*" },
);
