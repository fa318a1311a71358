import { z } from "zod";
import { ResetPasswordRequest } from "../passwords.ts";
import { EXAMPLE } from "./examples.ts";
import type { Operation } from "./operation.ts";

const Done = z.object({ status: z.string() });

export const passwordOperations: Operation[] = [
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
];
