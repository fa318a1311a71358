import { z } from "zod";
import { REQUIRED, text, yesNo } from "./fields.ts";

const method = z.literal("email", { error: 'Choose "email".' }).optional();

export const AnswerChallengeRequest = z.object({
  challenge: text().optional(),
  code: text(),
  method,
  trust_device: yesNo().optional(),
});
export const ResendCodeRequest = z.object({ challenge: text().optional() });

/** A step-up: nothing yet asks for a code; then the password, or that challenge with its code. */
export const StepUpRequest = z
  .object({ password: text().optional(), challenge: text().optional(), code: text().optional() })
  .transform(({ password, challenge, code }, context) => {
    if (password !== undefined) return { by: "password", password } as const;
    if (challenge !== undefined && code !== undefined) return { by: "code", challenge, code } as const;
    if (challenge === undefined && code === undefined) return { by: "nothing-yet" } as const;
    const missing = challenge === undefined ? "challenge" : "code";
    context.addIssue({ code: "custom", path: [missing], message: REQUIRED });
    return z.NEVER;
  });

export const SetTwoFactorEmailRequest = z.object({ enabled: yesNo() });
export const NotMeRequest = z.object({ token: text() });

/** A challenge as its holder sees it. */
export type StartedChallenge = {
  challenge: string;
  methods: ["email"];
  /** Seconds until the code ends. */
  expires_in: number;
  /** Seconds until another mail may be asked for. */
  resend_in: number;
  sent_to: string;
};

/** A browser that may skip the code, as its owner sees it. */
export type PublicTrustedDevice = {
  id: string;
  created_at: string;
  last_used_at: string;
  expires_at: string;
  ip: string | null;
  browser: string | null;
  os: string | null;
  device: string | null;
};
