import { changePassword } from "@/lib/auth/change-password.ts";
import { ChangePasswordRequest } from "@/lib/contract/passwords.ts";
import { respond } from "@/lib/http/respond.ts";
import { loggedInRoute, methods } from "@/lib/http/route.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  POST: loggedInRoute(ChangePasswordRequest, async (input, { app, principal, device, now }) => {
    const change = { currentPassword: input.current_password, newPassword: input.new_password };
    return respond(await changePassword(app, principal, change, device, now), () => ({
      status: "Your password is changed, and every other device is logged out.",
    }));
  }),
});
