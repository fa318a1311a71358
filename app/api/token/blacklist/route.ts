import { blacklistToken } from "@/lib/auth/blacklist-token.ts";
import { BlacklistRequest } from "@/lib/contract/tokens.ts";
import { respond } from "@/lib/http/respond.ts";
import { methods, route } from "@/lib/http/route.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  POST: route(
    BlacklistRequest,
    async ({ refresh }, { app, device, now }) =>
      respond(await blacklistToken(app, refresh, device, now), () => ({})),
    { form: true },
  ),
});
