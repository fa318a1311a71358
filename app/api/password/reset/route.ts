import { resetPassword } from "@/lib/auth/reset-password.ts";
import { ResetPasswordRequest } from "@/lib/contract/passwords.ts";
import { respond } from "@/lib/http/respond.ts";
import { methods, route } from "@/lib/http/route.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  POST: route(ResetPasswordRequest, async (input, { app, device, now }) =>
    respond(await resetPassword(app, input, device, now), () => ({
      status: "Your password is changed, and every device is logged out.",
    })),
  ),
});
