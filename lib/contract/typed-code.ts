/**
 * What a person typed or pasted as a code: spaces, dashes and characters without width don't count, full-width digits
 * are digits; anything else than six digits is none.
 */
export function readTypedCode(typed: string): string | null {
  const digits = asciiDigits(typed).replace(/[\s\p{Pd}\p{Default_Ignorable_Code_Point}]/gu, "");
  return /^[0-9]{6}$/.test(digits) ? digits : null;
}

export function isTypedCode(typed: string): boolean {
  return readTypedCode(typed) !== null;
}

/**
 * What a person typed as a recovery code: sixteen characters of Crockford's base32 in any case, with or without dashes;
 * `O` is a zero, `I` and `L` are a one. Anything else is none.
 */
export function readRecoveryCode(typed: string): string | null {
  const plain = asciiDigits(typed).replace(/[\s\p{Pd}\p{Default_Ignorable_Code_Point}]/gu, "");
  const code = plain.toUpperCase().replaceAll("O", "0").replace(/[IL]/g, "1");
  return /^[0-9A-HJKMNP-TV-Z]{16}$/.test(code) ? code : null;
}

export function isRecoveryCode(typed: string): boolean {
  return readRecoveryCode(typed) !== null;
}

function asciiDigits(text: string): string {
  return text.replace(/[\uff10-\uff19]/g, (digit) => String.fromCharCode(digit.charCodeAt(0) - 0xfee0));
}

/** The code in a pasted text, such as a line of the mail: six digits in a row, if there is exactly one such row. */
export function findCode(text: string): string | null {
  const [code, ...more] = asciiDigits(text).match(/(?<![0-9])[0-9]{6}(?![0-9])/g) ?? [];
  return more.length === 0 ? (code ?? null) : null;
}
