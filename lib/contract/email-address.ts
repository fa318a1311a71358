import { decodePunycode } from "./punycode.ts";

const LOCAL_PART = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;
const DOMAIN =
  /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+(?!\d+$)[a-z0-9][a-z0-9-]{0,61}[a-z0-9]$/;
const MAX_LOCAL_PART_CHARACTERS = 64;
const MAX_CHARACTERS = 254;
/** An address that is longer as typed can't become short enough. */
const MAX_TYPED_CHARACTERS = 320;

/** What is pasted along with an address. Inside one, a character without width is as wrong as a space. */
const ROUND_ABOUT = /^[\s\p{Default_Ignorable_Code_Point}]+|[\s\p{Default_Ignorable_Code_Point}]+$/gu;

/**
 * The address in `text` as mail will be sent to it, or null: trimmed of spaces and of characters without width, a plain
 * ASCII local part (RFC 5321 dot-atom, never quoted, so that no mailer reads it differently), the domain as IDNA to
 * ASCII, where an encoded label must be what its own text is encoded as. Characters that only become
 * ASCII by normalisation (＠, ．) are refused instead of mapped, so that what was checked is what is sent to.
 */
export function parseEmailAddress(text: string): string | null {
  const trimmed = text.replace(ROUND_ABOUT, "");
  if (trimmed.length > MAX_TYPED_CHARACTERS) return null;
  const at = trimmed.lastIndexOf("@");
  const localPart = trimmed.slice(0, at);
  if (at < 1 || localPart.length > MAX_LOCAL_PART_CHARACTERS || !LOCAL_PART.test(localPart)) return null;
  const domain = toAsciiDomain(trimmed.slice(at + 1));
  if (!domain || !DOMAIN.test(domain)) return null;
  const address = `${localPart}@${domain}`;
  return address.length <= MAX_CHARACTERS ? address : null;
}

/** Characters that IDNA maps to others or drops (UTS 46 §4); ß and ς it keeps. Lower case would hide the three signs. */
const MAPPED = /(?![ßς])\p{Changes_When_NFKC_Casefolded}/u;
const SIGNS = /[\u2126\u212a\u212b]/;

function toAsciiDomain(domain: string): string | null {
  const lower = domain.toLowerCase();
  if (!/^[\p{L}\p{N}\p{M}.-]+$/u.test(lower) || SIGNS.test(domain) || MAPPED.test(lower)) return null;
  const ascii = hostOf(lower);
  return ascii !== null && hostOf(toUnicodeDomain(ascii)) === ascii ? ascii : null;
}

/** Runtimes differ in whether they look into a label that comes encoded; in what they encode they agree. */
function toUnicodeDomain(ascii: string): string {
  const labels = ascii.split(".");
  return labels
    .map((label) => (label.startsWith("xn--") ? (decodePunycode(label.slice(4)) ?? "") : label))
    .join(".");
}

function hostOf(domain: string): string | null {
  try {
    return new URL(`http://${domain}`).hostname;
  } catch {
    return null;
  }
}
