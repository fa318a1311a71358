import { resendCode } from "@/lib/auth/resend-code.ts";
import { ResendEmailChangeRequest } from "@/lib/contract/email-change.ts";
import { respond } from "@/lib/http/respond.ts";
import { loggedInRoute, methods } from "@/lib/http/route.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  POST: loggedInRoute(ResendEmailChangeRequest, async ({ challenge }, { app, principal, device, now }) => {
    const asked = { secret: challenge, purpose: "email-change", sessionId: principal.session.id } as const;
    return respond(await resendCode(app, asked, device, now), ({ expires_in, resend_in }) => ({
      expires_in,
      resend_in,
    }));
  }),
});
