import { verifyEmailChange } from "@/lib/auth/verify-email-change.ts";
import { VerifyEmailChangeRequest } from "@/lib/contract/email-change.ts";
import { respond } from "@/lib/http/respond.ts";
import { loggedInRoute, methods } from "@/lib/http/route.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  POST: loggedInRoute(VerifyEmailChangeRequest, async (input, { app, principal, device, now }) =>
    respond(await verifyEmailChange(app, principal, input, device, now), ({ user }) => user),
  ),
});
