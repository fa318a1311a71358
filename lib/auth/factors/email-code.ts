import { constantTimeEqual, hmac, hmacBytes, type KeyObject, randomDigits } from "@/lib/base/crypto.ts";

/** A code by e-mail: what callers name it, and what it adds to how a session was proven. It is never `mfa`. */
export const EMAIL_CODE = { method: "email", amr: ["email"] } as const;

const CODE_DIGITS = 6;

/** A fresh code: six digits, each equally likely. */
export function makeCode(): string {
  return randomDigits(CODE_DIGITS);
}

/** The keyed hash under which a code is kept; it is worth nothing for any other challenge. */
export function hashCode(key: KeyObject, challengeId: string, code: string): Buffer {
  return hmacBytes(key, `${challengeId} ${code}`);
}

/** Whether `code` is the one whose hash is kept, in constant time. */
export function isCode(key: KeyObject, challengeId: string, code: string, codeHash: Buffer): boolean {
  return constantTimeEqual(hmac(key, `${challengeId} ${code}`), codeHash.toString("base64url"));
}
