import { forgotPasswordAgain } from "@/lib/auth/password/forgot-password.ts";
import { RESET_LINK_STATUS, ResetLinkAgainRequest } from "@/lib/contract/passwords.ts";
import { respond } from "@/lib/http/answer/respond.ts";
import { methods, route } from "@/lib/http/routes/route.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  POST: route(ResetLinkAgainRequest, async (input, call) =>
    respond(await forgotPasswordAgain(call, input), () => ({ status: RESET_LINK_STATUS }), 202),
  ),
});
