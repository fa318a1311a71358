import { verifyRegistration } from "@/lib/auth/registration/verify-registration.ts";
import { VerifyRegistrationRequest } from "@/lib/contract/registration.ts";
import { deliver } from "@/lib/http/answer/deliver.ts";
import { methods, route } from "@/lib/http/routes/route.ts";
import { withChallenge } from "@/lib/http/routes/with-challenge.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  POST: route(
    VerifyRegistrationRequest,
    withChallenge(async (challenge, { code }, edge) =>
      deliver(edge, () => verifyRegistration(edge, { challenge, code }), {
        status: 201,
      }),
    ),
  ),
});
