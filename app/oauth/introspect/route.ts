import { introspectToken } from "@/lib/auth/applications/introspect-token.ts";
import { oauthError } from "@/lib/http/answer/oauth-answer.ts";
import { clientRoute, oauthMethods } from "@/lib/http/routes/client-route.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = oauthMethods({
  POST: clientRoute(async (application, { token }, edge) => {
    if (!application.secretHash)
      return oauthError("invalid_client", "Only a confidential client may ask.", 401);
    if (!token) return oauthError("invalid_request", "token is required.");
    return { status: 200, body: await introspectToken(edge, token) };
  }),
});
