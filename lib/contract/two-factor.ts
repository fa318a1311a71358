import { z } from "zod";
import { absent, factorCode, keptChallenge, linkToken, REQUIRED, text, yesNo } from "./fields.ts";
import { SignedCredential } from "./passkeys.ts";

/** What an answer may be proven by, in the contract's words. */
const methods = ["passkey", "totp", "recovery_code", "email"] as const;
export type Method = (typeof methods)[number];

const method = z
  .enum(methods, { error: absent(`Choose one of ${methods.join(", ")}.`) })
  .describe("One of those that the challenge offers. Left out: `email` where it is offered, else `totp`.")
  .optional();

/** What a person gives to prove who they are; `method` is null where they left it to us which code it is. */
export type Proof = { method: Exclude<Method, "passkey"> | null; code: string } | PasskeyProof;
export type PasskeyProof = { method: "passkey"; credential: SignedCredential };

const proof = {
  code: factorCode.describe("Required unless `method` is `passkey`.").optional(),
  method,
  credential: SignedCredential.describe("Required where `method` is `passkey`.").optional(),
};
type GivenProof = z.output<z.ZodObject<typeof proof>>;

/** What was given as a proof, or the field that is missing. */
function readProof({ method, code, credential }: GivenProof): Proof | { missing: keyof GivenProof } {
  if (method === "passkey") return credential ? { method, credential } : { missing: "credential" };
  return code === undefined ? { missing: "code" } : { method: method ?? null, code };
}

export const AnswerChallengeRequest = z
  .object({
    challenge: keptChallenge,
    ...proof,
    trust_device: yesNo().describe("Skip the code on this device for 30 days.").optional(),
  })
  .transform(({ challenge, trust_device: trustDevice = false, ...given }, context) => {
    const read = readProof(given);
    if (!("missing" in read)) return { challenge, proof: read, trustDevice };
    context.addIssue({ code: "custom", path: [read.missing], message: REQUIRED });
    return z.NEVER;
  });
export const KeptChallengeRequest = z.object({ challenge: keptChallenge });

/** A step-up: nothing yet asks for a proof; then the password, or that challenge with its proof. */
export const StepUpRequest = z
  .object({ password: text().optional(), challenge: text().optional(), ...proof })
  .transform(({ password, challenge, ...given }, context) => {
    if (password !== undefined) return { by: "password", password } as const;
    const read = readProof(given);
    const { method, credential } = given;
    if (challenge === undefined && "missing" in read && method === undefined && credential === undefined)
      return { by: "nothing-yet" } as const;
    if (challenge !== undefined && !("missing" in read))
      return { by: "proof", challenge, proof: read } as const;
    const missing = challenge === undefined ? "challenge" : "missing" in read ? read.missing : "code";
    context.addIssue({ code: "custom", path: [missing], message: REQUIRED });
    return z.NEVER;
  });

export const SetTwoFactorEmailRequest = z.object({ enabled: yesNo() });
export const NotMeRequest = z.object({ token: linkToken });

/** What waits for a code that was mailed, as its holder sees it. */
export const AwaitedCode = z.object({
  challenge: z.string().describe("Names what waits for the code. Good for ten minutes and five tries."),
  expires_in: z.int().describe("Seconds until the code ends."),
  resend_in: z.int().describe("Seconds until another mail may be asked for."),
  sent_to: z.string(),
});
export type AwaitedCode = z.infer<typeof AwaitedCode>;
export const ResentCode = AwaitedCode.pick({ expires_in: true, resend_in: true });

/** The same, with the one method that can answer it. */
export type MailedChallenge = AwaitedCode & { methods: ["email"] };

/** What waits for a proof. Only where a code was mailed is there an address and another mail to ask for. */
export const StartedChallenge = AwaitedCode.partial({ resend_in: true, sent_to: true }).extend({
  methods: z.array(z.enum(methods)).describe("What this person can prove it by, best first."),
});
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
