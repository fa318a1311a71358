import { changeEmail } from "@/lib/auth/email/change-email.ts";
import { ChangeEmailRequest } from "@/lib/contract/email-change.ts";
import { respond } from "@/lib/http/answer/respond.ts";
import { loggedInRoute, methods } from "@/lib/http/routes/route.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  POST: loggedInRoute(ChangeEmailRequest, async (input, call) =>
    respond(
      await changeEmail(call, input),
      ({ challenge: { methods: _onlyMail, ...started } }) => started,
      202,
    ),
  ),
});
