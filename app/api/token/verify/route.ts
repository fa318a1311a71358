import { verifyToken } from "@/lib/auth/verify-token.ts";
import { VerifyRequest } from "@/lib/contract/tokens.ts";
import { respond } from "@/lib/http/respond.ts";
import { methods, route } from "@/lib/http/route.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  POST: route(
    VerifyRequest,
    async ({ token, live = false }, { app, now }) =>
      respond(await verifyToken(app, { token, live }, now), () => ({})),
    { form: true },
  ),
});
