import { forgotPassword } from "@/lib/auth/forgot-password.ts";
import { ForgotPasswordRequest, RESET_LINK_STATUS } from "@/lib/contract/passwords.ts";
import { respond } from "@/lib/http/respond.ts";
import { methods, route } from "@/lib/http/route.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  POST: route(ForgotPasswordRequest, async (input, { app, device, now }) =>
    respond(await forgotPassword(app, input, device, now), () => ({ status: RESET_LINK_STATUS }), 202),
  ),
});
