import { resendCode } from "@/lib/auth/factors/resend-code.ts";
import { ResendEmailChangeRequest } from "@/lib/contract/email-change.ts";
import { respond } from "@/lib/http/answer/respond.ts";
import { loggedInRoute, methods } from "@/lib/http/routes/route.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  POST: loggedInRoute(ResendEmailChangeRequest, async ({ challenge }, call) => {
    const asked = {
      secret: challenge,
      purpose: "email-change",
      sessionId: call.principal.session.id,
    } as const;
    return respond(await resendCode(call, asked), ({ expires_in, resend_in }) => ({
      expires_in,
      resend_in,
    }));
  }),
});
