import { resendRegistrationCode } from "@/lib/auth/resend-registration-code.ts";
import { ResendRegistrationCodeRequest } from "@/lib/contract/registration.ts";
import { withChallenge } from "@/lib/http/challenge.ts";
import { respond } from "@/lib/http/respond.ts";
import { methods, route } from "@/lib/http/route.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  POST: route(
    ResendRegistrationCodeRequest,
    withChallenge(async (challenge, _input, { app, device, now }) =>
      respond(await resendRegistrationCode(app, challenge, device, now), ({ expires_in, resend_in }) => ({
        expires_in,
        resend_in,
      })),
    ),
  ),
});
