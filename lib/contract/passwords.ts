import { z } from "zod";
import { linkToken, text } from "./fields.ts";

/** What everybody is told who names an address, so that nobody learns whose account is here. */
export const RESET_LINK_STATUS = "If that address has an account, a reset link is on its way.";

export const ForgotPasswordRequest = z.object({
  email: text(),
  to: z.uuid().describe("Where this browser is going, as its page names it; kept with the link.").optional(),
});
/** The secret of a link that has ended, for another one to the same person. */
export const ResetLinkAgainRequest = z.object({ token: linkToken });
export const ResetPasswordRequest = z.object({ token: linkToken, password: text() });
export const ChangePasswordRequest = z.object({ current_password: text(), new_password: text() });
