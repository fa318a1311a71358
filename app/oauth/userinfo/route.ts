import { Nothing } from "@/lib/contract/tokens.ts";
import { formRoute, oauthMethods } from "@/lib/http/routes/client-route.ts";
import { route } from "@/lib/http/routes/route.ts";
import { answerUserInfo } from "@/lib/http/routes/user-info.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = oauthMethods({
  GET: route(Nothing, async (_input, edge) => answerUserInfo(edge)),
  POST: formRoute(async (_form, edge) => answerUserInfo(edge)),
});
