import { logOut } from "@/lib/auth/log-out.ts";
import { Nothing } from "@/lib/contract/tokens.ts";
import { logOutCookies } from "@/lib/http/cookies.ts";
import { withOwnTokens } from "@/lib/http/own-tokens.ts";
import { respond } from "@/lib/http/respond.ts";
import { methods, route } from "@/lib/http/route.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  POST: route(
    Nothing,
    withOwnTokens(async (tokens, { app, cookies, device, now }) => ({
      ...respond(await logOut(app, tokens, device, now), () => ({ status: "OK, goodbye" })),
      cookies: logOutCookies(cookies, app.settings),
    })),
  ),
});
