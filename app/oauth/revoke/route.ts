import { revokeToken } from "@/lib/auth/applications/revoke-token.ts";
import { oauthError } from "@/lib/http/answer/oauth-answer.ts";
import { clientRoute, oauthMethods } from "@/lib/http/routes/client-route.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = oauthMethods({
  POST: clientRoute(async (application, { token }, edge) => {
    if (!token) return oauthError("invalid_request", "token is required.");
    await revokeToken(edge, application, token);
    return { status: 200, body: undefined };
  }),
});
