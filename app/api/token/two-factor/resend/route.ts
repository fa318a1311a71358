import { resendCode } from "@/lib/auth/resend-code.ts";
import { ResendCodeRequest } from "@/lib/contract/two-factor.ts";
import { withChallenge } from "@/lib/http/challenge.ts";
import { respond } from "@/lib/http/respond.ts";
import { methods, route } from "@/lib/http/route.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  POST: route(
    ResendCodeRequest,
    withChallenge(async (challenge, _input, { app, device, now }) =>
      respond(
        await resendCode(app, { secret: challenge, purpose: "log-in" }, device, now),
        ({ expires_in, resend_in }) => ({
          expires_in,
          resend_in,
        }),
      ),
    ),
  ),
});
