import { resendRegistrationCode } from "@/lib/auth/registration/resend-registration-code.ts";
import { ResendRegistrationCodeRequest } from "@/lib/contract/registration.ts";
import { respond } from "@/lib/http/answer/respond.ts";
import { methods, route } from "@/lib/http/routes/route.ts";
import { withChallenge } from "@/lib/http/routes/with-challenge.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  POST: route(
    ResendRegistrationCodeRequest,
    withChallenge(async (challenge, _input, call) =>
      respond(await resendRegistrationCode(call, challenge), ({ expires_in, resend_in }) => ({
        expires_in,
        resend_in,
      })),
    ),
  ),
});
