import { z } from "zod";
import { UNDO_EMAIL_CHANGE_LIFETIME_SECONDS } from "@/lib/auth/limits/lifetimes.ts";
import { PublicUser } from "@/lib/contract/account.ts";
import {
  ChangeEmailRequest,
  ResendEmailChangeRequest,
  UndoEmailChangeRequest,
  VerifyEmailChangeRequest,
} from "@/lib/contract/email-change.ts";
import { durationWords } from "@/lib/contract/number-words.ts";
import { AwaitedCode, ResentCode } from "@/lib/contract/two-factor.ts";
import { AWAITED_CODE, EXAMPLE, RESENT, USER } from "./examples.ts";
import type { Operation } from "./operation.ts";

const WEEK = durationWords(UNDO_EMAIL_CHANGE_LIFETIME_SECONDS);

export const emailOperations: Operation[] = [
  {
    id: "changeEmail",
    tag: "E-mail address",
    method: "post",
    path: "/api/email/change",
    summary: "Begin to change the address",
    description:
      "Mails a code to the new address; until it is answered nothing changes. An address that has an account gets the " +
      "same answer; its mail differs.",
    auth: "log-in",
    request: ChangeEmailRequest,
    successes: [{ status: 202, says: "A mail is on its way.", body: AwaitedCode, example: AWAITED_CODE }],
    errors: ["recent_login_required", "throttled"],
    example: { body: { email: EXAMPLE.newEmail, password: EXAMPLE.password } },
  },
  {
    id: "verifyEmailChange",
    tag: "E-mail address",
    method: "post",
    path: "/api/email/change/verify",
    summary: "Complete it with the code",
    description:
      `Only the session that began it can. The old address is told, and can undo the change for ${WEEK}. While it ` +
      "can, later changes send no such link, and going back to it counts as the undo.",
    auth: "log-in",
    request: VerifyEmailChangeRequest,
    successes: [{ status: 200, says: "The address is changed.", body: PublicUser, example: USER }],
    errors: ["code_not_valid", "challenge_not_valid", "throttled"],
    example: { body: { challenge: EXAMPLE.challenge, code: EXAMPLE.code } },
  },
  {
    id: "resendEmailChangeCode",
    tag: "E-mail address",
    method: "post",
    path: "/api/email/change/resend",
    summary: "Ask for another mail",
    auth: "log-in",
    request: ResendEmailChangeRequest,
    successes: [{ status: 200, says: "A new code was mailed.", body: ResentCode, example: RESENT }],
    errors: ["challenge_not_valid", "throttled"],
    example: { body: { challenge: EXAMPLE.challenge } },
  },
  {
    id: "undoEmailChange",
    tag: "E-mail address",
    method: "post",
    path: "/api/email/undo",
    summary: "Take the account back to the old address",
    description:
      "By the link in the mail to the old address. Every session, pending proof and trusted device ends, and two-step " +
      "log-in is on. The answer lets you choose a new password at once.",
    auth: "none",
    request: UndoEmailChangeRequest,
    successes: [
      {
        status: 200,
        says: "The address is as it was.",
        body: z.object({ status: z.string(), email: z.string(), reset_token: z.string() }),
        example: {
          status: "Your address is as it was, and every device is logged out.",
          email: EXAMPLE.email,
          reset_token: EXAMPLE.linkToken,
        },
      },
    ],
    example: { body: { token: EXAMPLE.linkToken } },
  },
];
