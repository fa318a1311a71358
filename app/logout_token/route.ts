import { logOutEverywhere, logOutToken } from "@/lib/auth/sessions/log-out.ts";
import { LogoutTokenRequest } from "@/lib/contract/tokens.ts";
import { respond } from "@/lib/http/answer/respond.ts";
import { loggedInRoute, methods } from "@/lib/http/routes/route.ts";

const GOODBYE = { status: "OK, goodbye" };
const GOODBYE_EVERYWHERE = { status: "OK, goodbye, all refresh tokens blacklisted" };

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  POST: loggedInRoute(
    LogoutTokenRequest,
    async (input, call) =>
      input.everywhere
        ? respond(await logOutEverywhere(call), () => GOODBYE_EVERYWHERE)
        : respond(await logOutToken(call, input.token), () => GOODBYE),
    { form: true, beforeSetUp: true },
  ),
});
