import { setTwoFactorEmail } from "@/lib/auth/set-two-factor.ts";
import { SetTwoFactorEmailRequest } from "@/lib/contract/two-factor.ts";
import { respond } from "@/lib/http/respond.ts";
import { loggedInRoute, methods } from "@/lib/http/route.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  PUT: loggedInRoute(SetTwoFactorEmailRequest, async ({ enabled }, { app, principal, device, now }) =>
    respond(await setTwoFactorEmail(app, principal, enabled, device, now), ({ twoFactor }) => twoFactor),
  ),
});
