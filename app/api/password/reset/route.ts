import { resetPassword } from "@/lib/auth/password/reset-password.ts";
import { ResetPasswordRequest } from "@/lib/contract/passwords.ts";
import { respond } from "@/lib/http/answer/respond.ts";
import { methods, route } from "@/lib/http/routes/route.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  POST: route(ResetPasswordRequest, async (input, call) =>
    respond(await resetPassword(call, input), () => ({
      status: "Your password is changed, and every device is logged out.",
    })),
  ),
});
