import { logOut } from "@/lib/auth/sessions/log-out.ts";
import { Nothing } from "@/lib/contract/tokens.ts";
import { respond } from "@/lib/http/answer/respond.ts";
import { logOutCookies } from "@/lib/http/request/cookies.ts";
import { withOwnTokens } from "@/lib/http/routes/own-tokens.ts";
import { methods, route } from "@/lib/http/routes/route.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  POST: route(
    Nothing,
    withOwnTokens(async (tokens, call) => ({
      ...respond(await logOut(call, tokens), () => ({ status: "OK, goodbye" })),
      cookies: logOutCookies(call.cookies, call.app.settings),
    })),
  ),
});
