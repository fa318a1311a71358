import { undoEmailChange } from "@/lib/auth/undo-email-change.ts";
import { UndoEmailChangeRequest } from "@/lib/contract/email-change.ts";
import { respond } from "@/lib/http/respond.ts";
import { methods, route } from "@/lib/http/route.ts";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({
  POST: route(UndoEmailChangeRequest, async ({ token }, { app, device, now }) =>
    respond(await undoEmailChange(app, token, device, now), ({ resetToken }) => ({
      status: "Your address is as it was, and every device is logged out.",
      reset_token: resetToken,
    })),
  ),
});
