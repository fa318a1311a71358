import { z } from "zod";
import {
  ChangePasswordRequest,
  ForgotPasswordRequest,
  RESET_LINK_STATUS,
  ResetLinkAgainRequest,
  ResetPasswordRequest,
} from "@/lib/contract/passwords.ts";
import { EXAMPLE } from "./examples.ts";
import type { Operation } from "./operation.ts";

const Done = z.object({ status: z.string() });

export const passwordOperations: Operation[] = [
  {
    id: "forgotPassword",
    tag: "Password",
    method: "post",
    path: "/api/password/forgot",
    summary: "Ask for a reset link",
    description: "One answer for every well-formed address, in the same time.",
    auth: "none",
    request: ForgotPasswordRequest,
    successes: [{ status: 202, says: "Asked.", body: Done, example: { status: RESET_LINK_STATUS } }],
    errors: ["throttled"],
    example: { body: { email: EXAMPLE.email } },
  },
  {
    id: "forgotPasswordAgain",
    tag: "Password",
    method: "post",
    path: "/api/password/forgot/again",
    summary: "Ask for another link by one that has ended",
    description: "It goes to the address that the older one went to.",
    auth: "none",
    request: ResetLinkAgainRequest,
    successes: [{ status: 202, says: "Asked.", body: Done, example: { status: RESET_LINK_STATUS } }],
    errors: ["throttled"],
    example: { body: { token: EXAMPLE.linkToken } },
  },
  {
    id: "resetPassword",
    tag: "Password",
    method: "post",
    path: "/api/password/reset",
    summary: "Choose a new password by a mailed link",
    description:
      "Every session, pending proof and trusted device of the account ends. The next log-in asks for a code as before. " +
      "A link that was used, replaced or has expired is a 400 under `token`.",
    auth: "none",
    request: ResetPasswordRequest,
    successes: [
      {
        status: 200,
        says: "The password is changed.",
        body: Done,
        example: { status: "Your password is changed, and every device is logged out." },
      },
    ],
    example: { body: { token: EXAMPLE.linkToken, password: EXAMPLE.newPassword } },
  },
  {
    id: "changePassword",
    tag: "Password",
    method: "post",
    path: "/api/password/change",
    summary: "Change the password",
    description: "Every other session, pending proof and trusted device ends; this session stays.",
    auth: "log-in",
    request: ChangePasswordRequest,
    successes: [
      {
        status: 200,
        says: "The password is changed.",
        body: Done,
        example: { status: "Your password is changed, and every other device is logged out." },
      },
    ],
    errors: ["throttled"],
    example: { body: { current_password: EXAMPLE.password, new_password: EXAMPLE.newPassword } },
  },
];
