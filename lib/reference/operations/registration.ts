import { z } from "zod";
import {
  AcceptInvitationRequest,
  RegisterRequest,
  ResendRegistrationCodeRequest,
  VerifyRegistrationRequest,
} from "@/lib/contract/registration.ts";
import { LoggedIn } from "@/lib/contract/tokens.ts";
import { AwaitedCode, ResentCode } from "@/lib/contract/two-factor.ts";
import { AWAITED_CODE, EXAMPLE, PAIR, RESENT } from "./examples.ts";
import type { Operation } from "./operation.ts";

/** While `REGISTRATION=closed`, each answers `permission_denied`, but for invitations. */
export const registrationOperations: Operation[] = [
  {
    id: "register",
    tag: "Registration",
    method: "post",
    path: "/api/register",
    summary: "Begin an account",
    description:
      "Mails a code to the address. An address that has an account gets the same answer; its mail differs. " +
      "`permission_denied` while registration is closed.",
    auth: "none",
    request: RegisterRequest,
    delivery: "challenge",
    successes: [{ status: 202, says: "A mail is on its way.", body: AwaitedCode, example: AWAITED_CODE }],
    errors: ["permission_denied", "throttled"],
    example: { body: { email: EXAMPLE.newEmail, password: EXAMPLE.password, name: "Ada Lovelace" } },
  },
  {
    id: "verifyRegistration",
    tag: "Registration",
    method: "post",
    path: "/api/register/verify",
    summary: "Complete it with the code",
    description: "The account is made now, with its first session.",
    auth: "none",
    request: VerifyRegistrationRequest,
    delivery: "tokens",
    successes: [{ status: 201, says: "Registered and logged in.", body: LoggedIn, example: PAIR }],
    errors: ["code_not_valid", "challenge_not_valid", "permission_denied", "throttled"],
    example: { body: { challenge: EXAMPLE.challenge, code: EXAMPLE.code } },
  },
  {
    id: "resendRegistrationCode",
    tag: "Registration",
    method: "post",
    path: "/api/register/resend",
    summary: "Ask for another mail",
    auth: "none",
    request: ResendRegistrationCodeRequest,
    successes: [{ status: 200, says: "A new code was mailed.", body: ResentCode, example: RESENT }],
    errors: ["challenge_not_valid", "permission_denied", "csrf_failed", "throttled"],
    example: { body: { challenge: EXAMPLE.challenge } },
  },
  {
    id: "acceptInvitation",
    tag: "Registration",
    method: "post",
    path: "/api/invitation/accept",
    summary: "Accept an invitation",
    description:
      "By the link in the mail, with a password of one's own. It logs nobody in. A link that was used, replaced or has " +
      "expired is a 400 under `token`.",
    auth: "none",
    request: AcceptInvitationRequest,
    successes: [
      {
        status: 200,
        says: "The account can be used.",
        body: z.object({ status: z.string() }),
        example: { status: "Your password is set. You can log in." },
      },
    ],
    example: { body: { token: EXAMPLE.linkToken, password: EXAMPLE.newPassword, name: "Ada Lovelace" } },
  },
];
