import { logOutEverywhere, logOutToken } from "@/lib/auth/log-out.ts";
import { LogoutTokenRequest } from "@/lib/contract/tokens.ts";
import { respond } from "@/lib/http/respond.ts";
import { loggedInRoute, methods } from "@/lib/http/route.ts";

const GOODBYE = { status: "OK, goodbye" };
const GOODBYE_EVERYWHERE = { status: "OK, goodbye, all refresh tokens blacklisted" };

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  POST: loggedInRoute(
    LogoutTokenRequest,
    async (input, { app, principal, device, now }) =>
      input.everywhere
        ? respond(await logOutEverywhere(app, principal, device, now), () => GOODBYE_EVERYWHERE)
        : respond(await logOutToken(app, principal, input.token, device, now), () => GOODBYE),
    { form: true },
  ),
});
