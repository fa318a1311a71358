import { forgotPassword } from "@/lib/auth/password/forgot-password.ts";
import { ForgotPasswordRequest, RESET_LINK_STATUS } from "@/lib/contract/passwords.ts";
import { respond } from "@/lib/http/answer/respond.ts";
import { methods, route } from "@/lib/http/routes/route.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  POST: route(ForgotPasswordRequest, async (input, call) =>
    respond(await forgotPassword(call, input), () => ({ status: RESET_LINK_STATUS }), 202),
  ),
});
