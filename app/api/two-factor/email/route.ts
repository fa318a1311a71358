import { setTwoFactorEmail } from "@/lib/auth/log-in/set-two-factor.ts";
import { SetTwoFactorEmailRequest } from "@/lib/contract/two-factor.ts";
import { respond } from "@/lib/http/answer/respond.ts";
import { loggedInRoute, methods } from "@/lib/http/routes/route.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  PUT: loggedInRoute(SetTwoFactorEmailRequest, async ({ enabled }, call) =>
    respond(await setTwoFactorEmail(call, enabled), ({ twoFactor }) => twoFactor),
  ),
});
