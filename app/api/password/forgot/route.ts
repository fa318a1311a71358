import { findDestination } from "@/lib/auth/destinations/find-destination.ts";
import { forgotPassword } from "@/lib/auth/password/forgot-password.ts";
import { ForgotPasswordRequest, RESET_LINK_STATUS } from "@/lib/contract/passwords.ts";
import { respond } from "@/lib/http/answer/respond.ts";
import { methods, route } from "@/lib/http/routes/route.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  POST: route(ForgotPasswordRequest, async ({ email, to }, call) => {
    const { browser } = call.cookies;
    const destination = to === undefined ? null : await findDestination(call, { id: to, browser });
    const asked = await forgotPassword(call, { email, destinationId: destination?.id });
    return respond(asked, () => ({ status: RESET_LINK_STATUS }), 202);
  }),
});
