import { verifyToken } from "@/lib/auth/rotation/verify-token.ts";
import { VerifyRequest } from "@/lib/contract/tokens.ts";
import { respond } from "@/lib/http/answer/respond.ts";
import { methods, route } from "@/lib/http/routes/route.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  POST: route(
    VerifyRequest,
    async ({ token, live = false }, call) => respond(await verifyToken(call, { token, live }), () => ({})),
    { form: true },
  ),
});
