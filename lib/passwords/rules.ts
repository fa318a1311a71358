import { dictionary } from "@zxcvbn-ts/language-common";

const MIN_CHARACTERS = 8;
const MAX_CHARACTERS = 128;
const PRODUCT = "keyturn";

/** The common passwords that someone could try here; tens of thousands, the 3,000 most common among them. */
const common = new Set(dictionary["passwords-common"].map((password) => String(password).toLowerCase()));
/** One sign again and again is a common password up to this length. */
const COMMON_REPETITION_CHARACTERS = 16;
const KEYBOARD_ROWS = ["1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm"];

/**
 * Why a password may not be chosen, as sentences; empty when it may. Length is counted in characters after NFC, the
 * whole password is compared, and there are no rules of composition (NIST SP 800-63B-4 §3.1.1.2, ASVS 6.2).
 */
export function validatePassword(password: string, person: { email: string; name: string }): string[] {
  const normalized = password.normalize("NFC");
  const length = [...normalized].length;
  if (length < MIN_CHARACTERS) {
    return [`This password is too short. It must contain at least ${MIN_CHARACTERS} characters.`];
  }
  if (length > MAX_CHARACTERS) {
    return [`This password is too long. It must contain at most ${MAX_CHARACTERS} characters.`];
  }
  if (!normalized.isWellFormed() || normalized.includes("\0"))
    return ["This password holds characters nobody can type."];
  const folded = normalized.toLowerCase();
  if (isPersonal(folded, person)) return ["This password is too similar to your address or name."];
  return isCommon(folded) ? ["This password is too common."] : [];
}

function isPersonal(folded: string, { email, name }: { email: string; name: string }): boolean {
  const [localPart = ""] = email.split("@");
  const words = [email, localPart, name, name.replace(/\s+/g, ""), PRODUCT].map((word) =>
    word.normalize("NFC").toLowerCase(),
  );
  return words.some((word) => word !== "" && isRepetition(folded, word));
}

function isCommon(folded: string): boolean {
  const reversed = [...folded].reverse().join("");
  if (folded.length <= COMMON_REPETITION_CHARACTERS && new Set(folded).size === 1) return true;
  return [folded, reversed].some((text) => common.has(text) || isKeyboardRun(text));
}

/** Whether `text` is nothing but `word`, once or more. */
function isRepetition(text: string, word: string): boolean {
  return text.length % word.length === 0 && text === word.repeat(text.length / word.length);
}

/** Whether `text` only walks along rows of the keyboard, such as 0987654321q read backwards. */
function isKeyboardRun(text: string): boolean {
  const rows = [...KEYBOARD_ROWS, KEYBOARD_ROWS.map((row) => row[0]).join("")];
  return rows.some((row) => row.includes(text.slice(0, -1)) || row.includes(text.slice(1)));
}
