import { verifyRegistration } from "@/lib/auth/verify-registration.ts";
import { VerifyRegistrationRequest } from "@/lib/contract/registration.ts";
import { withChallenge } from "@/lib/http/challenge.ts";
import { deliver } from "@/lib/http/deliver.ts";
import { methods, route } from "@/lib/http/route.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  POST: route(
    VerifyRegistrationRequest,
    withChallenge(async (challenge, { code }, edge) =>
      deliver(edge, () => verifyRegistration(edge.app, { challenge, code }, edge.device, edge.now), {
        status: 201,
      }),
    ),
  ),
});
