const LOCAL_PART = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;
const DOMAIN =
  /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+(?!\d+$)[a-z0-9][a-z0-9-]{0,61}[a-z0-9]$/;
const MAX_LOCAL_PART_CHARACTERS = 64;
const MAX_CHARACTERS = 254;
/** An address that is longer as typed can't become short enough. */
const MAX_TYPED_CHARACTERS = 320;

/**
 * The address in `text` as mail will be sent to it, or null: trimmed, a plain ASCII local part (RFC 5321 dot-atom,
 * never quoted, so that no mailer reads it differently), the domain as IDNA to ASCII. Characters that only become
 * ASCII by normalisation (＠, ．) are refused instead of mapped, so that what was checked is what is sent to.
 */
export function parseEmailAddress(text: string): string | null {
  const trimmed = text.trim();
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
  try {
    return new URL(`http://${lower}`).hostname;
  } catch {
    return null;
  }
}
