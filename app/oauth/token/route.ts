import { oauthError } from "@/lib/http/answer/oauth-answer.ts";
import { clientRoute, oauthMethods } from "@/lib/http/routes/client-route.ts";
import { grantCode, grantRefresh } from "@/lib/http/routes/token-grants.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = oauthMethods({
  POST: clientRoute(async (application, form, edge) => {
    const { grant_type: type } = form;
    if (type === "authorization_code") return grantCode(application, form, edge);
    if (type === "refresh_token") return grantRefresh(application, form, edge);
    return type === undefined
      ? oauthError("invalid_request", "grant_type is required.")
      : oauthError("unsupported_grant_type", "grant_type must be authorization_code or refresh_token.");
  }),
});
