import { undoEmailChange } from "@/lib/auth/email/undo-email-change.ts";
import { UndoEmailChangeRequest } from "@/lib/contract/email-change.ts";
import { respond } from "@/lib/http/answer/respond.ts";
import { methods, route } from "@/lib/http/routes/route.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  POST: route(UndoEmailChangeRequest, async ({ token }, call) =>
    respond(await undoEmailChange(call, token), ({ email, resetToken }) => ({
      status: "Your address is as it was, and every device is logged out.",
      email,
      reset_token: resetToken,
    })),
  ),
});
