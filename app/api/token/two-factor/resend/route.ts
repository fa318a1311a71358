import { resendCode } from "@/lib/auth/factors/resend-code.ts";
import { KeptChallengeRequest } from "@/lib/contract/two-factor.ts";
import { respond } from "@/lib/http/answer/respond.ts";
import { methods, route } from "@/lib/http/routes/route.ts";
import { withChallenge } from "@/lib/http/routes/with-challenge.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  POST: route(
    KeptChallengeRequest,
    withChallenge(async (challenge, _input, call) =>
      respond(
        await resendCode(call, { secret: challenge, purpose: "log-in" }),
        ({ expires_in, resend_in }) => ({
          expires_in,
          resend_in,
        }),
      ),
    ),
  ),
});
