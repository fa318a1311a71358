import type { Called } from "@/lib/browser/call.ts";
import { isRecoveryCode, isTypedCode } from "@/lib/contract/typed-code.ts";

/** What is typed for each method, and what is said of it. */
export const TYPED = {
  email: {
    label: "Code",
    isWhole: isTypedCode,
    notWhole: "Enter the six digits from the e-mail.",
    keys: { inputMode: "numeric", autoComplete: "one-time-code", maxLength: 20 },
  },
  totp: {
    label: "Code",
    isWhole: isTypedCode,
    notWhole: "Enter the six digits that your app shows.",
    keys: { inputMode: "numeric", autoComplete: "one-time-code", maxLength: 20 },
  },
  recovery_code: {
    label: "Recovery code",
    isWhole: isRecoveryCode,
    notWhole: "Enter the sixteen letters and digits of a recovery code.",
    keys: { inputMode: "text", autoComplete: "off", autoCapitalize: "characters", maxLength: 40 },
  },
} as const;

/** Whether the challenge can't be answered any more. */
export function hasEnded(outcome: Called<unknown>): boolean {
  if (outcome.kind !== "failed") return false;
  return outcome.code === "challenge_not_valid" || (isWrong(outcome) && outcome.facts.attempts_left === 0);
}

/** Whether it was answered wrongly. */
export function isWrong(outcome: Called<unknown>): boolean {
  if (outcome.kind !== "failed") return false;
  return outcome.code === "code_not_valid" || outcome.code === "passkey_not_valid";
}

/** What is said of a proof that wasn't taken. */
export function sentenceFor(outcome: Exclude<Called<unknown>, { kind: "ok" }>, notWhole: string): string {
  if (outcome.kind === "fields") return notWhole;
  if (!isWrong(outcome)) return outcome.detail;
  const left = outcome.facts.attempts_left;
  return `That code is not right. ${left === 1 ? "One try is left." : `${left} tries are left.`}`;
}
