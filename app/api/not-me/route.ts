import { disownLogIn } from "@/lib/auth/devices/disown-log-in.ts";
import { NotMeRequest } from "@/lib/contract/two-factor.ts";
import { respond } from "@/lib/http/answer/respond.ts";
import { methods, route } from "@/lib/http/routes/route.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  POST: route(NotMeRequest, async ({ token }, call) =>
    respond(await disownLogIn(call, token), ({ email, resetToken }) => ({
      status: "Every device is logged out.",
      email,
      reset_token: resetToken,
    })),
  ),
});
