import { verifyEmailChange } from "@/lib/auth/email/verify-email-change.ts";
import { VerifyEmailChangeRequest } from "@/lib/contract/email-change.ts";
import { respond } from "@/lib/http/answer/respond.ts";
import { loggedInRoute, methods } from "@/lib/http/routes/route.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  POST: loggedInRoute(VerifyEmailChangeRequest, async (input, call) =>
    respond(await verifyEmailChange(call, input), ({ user }) => user),
  ),
});
