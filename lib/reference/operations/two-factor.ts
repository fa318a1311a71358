import { z } from "zod";
import { CODE_TRIES } from "@/lib/auth/limits/budgets.ts";
import { PublicTwoFactor } from "@/lib/contract/account.ts";
import { numberWord } from "@/lib/contract/number-words.ts";
import { pageOf } from "@/lib/contract/pages.ts";
import { LoggedIn } from "@/lib/contract/tokens.ts";
import {
  AnswerChallengeRequest,
  KeptChallengeRequest,
  NotMeRequest,
  PublicTrustedDevice,
  ResentCode,
  SetTwoFactorEmailRequest,
} from "@/lib/contract/two-factor.ts";
import { EXAMPLE, PAIR, RESENT, TRUSTED_DEVICE, TWO_FACTOR } from "./examples.ts";
import type { Operation } from "./operation.ts";

export const twoFactorOperations: Operation[] = [
  {
    id: "answerChallenge",
    tag: "Two-step log-in",
    method: "post",
    path: "/api/token/two-factor",
    summary: "Answer with the second step",
    description: `Completes a log-in by one of the methods that its challenge names. Each challenge has ${numberWord(CODE_TRIES)} tries; \`attempts_left\` says how many remain.`,
    auth: "none",
    request: AnswerChallengeRequest,
    delivery: "tokens",
    successes: [
      {
        status: 200,
        says: "Logged in.",
        body: LoggedIn,
        example: { ...PAIR, device_token: EXAMPLE.deviceToken },
      },
    ],
    errors: ["code_not_valid", "passkey_not_valid", "challenge_not_valid", "throttled"],
    example: { body: { challenge: EXAMPLE.challenge, code: EXAMPLE.code, trust_device: true } },
  },
  {
    id: "resendCode",
    tag: "Two-step log-in",
    method: "post",
    path: "/api/token/two-factor/resend",
    summary: "Ask for another mail",
    description: "The older code stops working; tries that were spent stay spent.",
    auth: "none",
    request: KeptChallengeRequest,
    successes: [{ status: 200, says: "A new code was mailed.", body: ResentCode, example: RESENT }],
    errors: ["challenge_not_valid", "csrf_failed", "throttled"],
    example: { body: { challenge: EXAMPLE.challenge } },
  },
  {
    id: "setTwoFactorEmail",
    tag: "Two-step log-in",
    method: "put",
    path: "/api/two-factor/email",
    summary: "Turn the e-mailed code on or off",
    auth: "log-in",
    request: SetTwoFactorEmailRequest,
    successes: [{ status: 200, says: "As asked.", body: PublicTwoFactor, example: TWO_FACTOR }],
    errors: ["recent_login_required"],
    example: { body: { enabled: true } },
  },
  {
    id: "listTrustedDevices",
    tag: "Two-step log-in",
    method: "get",
    path: "/api/trusted-devices",
    summary: "Devices that skip the code",
    auth: "log-in",
    successes: [
      {
        status: 200,
        says: "All of them, the last used first.",
        body: pageOf(PublicTrustedDevice),
        example: { results: [TRUSTED_DEVICE], next: null },
      },
    ],
  },
  {
    id: "forgetTrustedDevice",
    tag: "Two-step log-in",
    method: "delete",
    path: "/api/trusted-devices/{id}",
    summary: "Let a device ask for the code again",
    auth: "log-in",
    successes: [{ status: 204, says: "Forgotten." }],
    errors: ["not_found"],
  },
  {
    id: "disownLogIn",
    tag: "Two-step log-in",
    method: "post",
    path: "/api/not-me",
    summary: "Say that a log-in wasn't yours",
    description:
      "By the link in the mail about a log-in from a new device, while the account has that address. Every session, pending proof and trusted device of " +
      "the account ends. The answer lets you choose a new password at once.",
    auth: "none",
    request: NotMeRequest,
    successes: [
      {
        status: 200,
        says: "Every device is logged out.",
        body: z.object({ status: z.string(), email: z.string(), reset_token: z.string() }),
        example: {
          status: "Every device is logged out.",
          email: EXAMPLE.email,
          reset_token: EXAMPLE.linkToken,
        },
      },
    ],
    example: { body: { token: EXAMPLE.linkToken } },
  },
];
