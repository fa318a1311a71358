import { changePassword } from "@/lib/auth/password/change-password.ts";
import { ChangePasswordRequest } from "@/lib/contract/passwords.ts";
import { respond } from "@/lib/http/answer/respond.ts";
import { loggedInRoute, methods } from "@/lib/http/routes/route.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  POST: loggedInRoute(ChangePasswordRequest, async (input, call) => {
    const change = { currentPassword: input.current_password, newPassword: input.new_password };
    return respond(await changePassword(call, change), () => ({
      status: "Your password is changed, and every other device is logged out.",
    }));
  }),
});
