import { constantTimeEqual, hmac, hmacBytes, type KeyObject, randomDigits } from "./crypto.ts";

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

/** What a person typed as a code: spaces and dashes don't count, anything else than six ASCII digits is none. */
export function readTypedCode(typed: string): string | null {
  const digits = typed.replace(/[\s\p{Pd}]/gu, "");
  return /^[0-9]{6}$/.test(digits) ? digits : null;
}
