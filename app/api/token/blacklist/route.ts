import { blacklistToken } from "@/lib/auth/rotation/blacklist-token.ts";
import { BlacklistRequest } from "@/lib/contract/tokens.ts";
import { respond } from "@/lib/http/answer/respond.ts";
import { methods, route } from "@/lib/http/routes/route.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  POST: route(
    BlacklistRequest,
    async ({ refresh }, call) => respond(await blacklistToken(call, refresh), () => ({})),
    { form: true },
  ),
});
