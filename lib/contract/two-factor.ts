import { z } from "zod";
import { absent, keptChallenge, linkToken, REQUIRED, text, typedCode, yesNo } from "./fields.ts";

const method = z.literal("email", { error: absent('Choose "email".') }).optional();

export const AnswerChallengeRequest = z.object({
  challenge: keptChallenge,
  code: typedCode,
  method,
  trust_device: yesNo().describe("Skip the code on this device for 30 days.").optional(),
});
export const ResendCodeRequest = z.object({ challenge: keptChallenge });

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
export const NotMeRequest = z.object({ token: linkToken });

/** A challenge as its holder sees it. */
export const StartedChallenge = z.object({
  challenge: z.string().describe("Names what waits for the code. Good for ten minutes and five tries."),
  methods: z.array(z.literal("email")),
  expires_in: z.int().describe("Seconds until the code ends."),
  resend_in: z.int().describe("Seconds until another mail may be asked for."),
  sent_to: z.string(),
});
/** The same where only a mail can bring the code. */
export const AwaitedCode = StartedChallenge.omit({ methods: true });
export const ResentCode = StartedChallenge.pick({ expires_in: true, resend_in: true });
export type StartedChallenge = z.infer<typeof StartedChallenge>;

/** A browser that may skip the code, as its owner sees it. */
export const PublicTrustedDevice = z.object({
  id: z.uuid(),
  created_at: z.iso.datetime(),
  last_used_at: z.iso.datetime(),
  expires_at: z.iso.datetime(),
  ip: z.string().nullable(),
  browser: z.string().nullable(),
  os: z.string().nullable(),
  device: z.string().nullable(),
});
export type PublicTrustedDevice = z.infer<typeof PublicTrustedDevice>;
