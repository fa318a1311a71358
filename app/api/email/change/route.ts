import { changeEmail } from "@/lib/auth/change-email.ts";
import { ChangeEmailRequest } from "@/lib/contract/email-change.ts";
import { respond } from "@/lib/http/respond.ts";
import { loggedInRoute, methods } from "@/lib/http/route.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  POST: loggedInRoute(ChangeEmailRequest, async (input, { app, principal, device, now }) =>
    respond(
      await changeEmail(app, principal, input, device, now),
      ({ challenge: { methods: _onlyMail, ...started } }) => started,
      202,
    ),
  ),
});
