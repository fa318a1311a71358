import { forgotPasswordAgain } from "@/lib/auth/forgot-password.ts";
import { RESET_LINK_STATUS, ResetLinkAgainRequest } from "@/lib/contract/passwords.ts";
import { respond } from "@/lib/http/respond.ts";
import { methods, route } from "@/lib/http/route.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  POST: route(ResetLinkAgainRequest, async (input, { app, device, now }) =>
    respond(await forgotPasswordAgain(app, input, device, now), () => ({ status: RESET_LINK_STATUS }), 202),
  ),
});
