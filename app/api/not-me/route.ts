import { disownLogIn } from "@/lib/auth/disown-log-in.ts";
import { NotMeRequest } from "@/lib/contract/two-factor.ts";
import { respond } from "@/lib/http/respond.ts";
import { methods, route } from "@/lib/http/route.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  POST: route(NotMeRequest, async ({ token }, { app, device, now }) =>
    respond(await disownLogIn(app, token, device, now), ({ resetToken }) => ({
      status: "Every device is logged out.",
      reset_token: resetToken,
    })),
  ),
});
