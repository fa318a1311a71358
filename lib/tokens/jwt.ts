import { CompactSign, compactVerify } from "jose";
import { constantTimeEqual, hmac } from "@/lib/base/crypto.ts";
import type { KeySet, TokenKey } from "./keys.ts";

export type Payload = Record<string, unknown>;

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const COMPACT = /^([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)$/;
const MAX_TOKEN_CHARACTERS = 8_192;
const ACCEPTED_HEADER_PARAMETERS = new Set(["alg", "typ", "kid"]);
const HASHES = { HS256: "sha256", HS384: "sha384", HS512: "sha512" } as const;
type Hmac = keyof typeof HASHES;

/**
 * Signs `payload` as a compact JWS (RFC 7515 §7.1). Under HS* the result depends on the arguments alone, byte for
 * byte, which is what lets a generation's tokens be made again.
 *
 * HMAC is computed here instead of by jose, which costs 25 times as much (docs/decisions/0006).
 *
 * @param typ what it is, where that is said in its header (RFC 8725 §3.11); no such token is taken for one of ours
 */
export async function signJwt(keys: KeySet, payload: Payload, typ = "JWT"): Promise<string> {
  const { algorithm, signing } = keys;
  if (isHmac(algorithm)) {
    const header =
      typ === "JWT" ? headerSegment(algorithm, signing) : encode({ alg: algorithm, typ, kid: signing.kid });
    const signed = `${header}.${encode(payload)}`;
    return `${signed}.${hmac(signing.key, signed, HASHES[algorithm])}`;
  }
  return new CompactSign(Buffer.from(JSON.stringify(payload)))
    .setProtectedHeader({ alg: algorithm, typ, kid: signing.kid })
    .sign(signing.key);
}

/**
 * The payload of a token that one of `keys` signed, or null. Only the compact form in canonical base64url is read
 * (RFC 8725 §3.3, 8725bis), only our own algorithm, `typ` JWT or none, and a header without any parameter that
 * could point at a key or ask for an extension (RFC 8725 §3.10, RFC 7515 §4.1.11). Times are not looked at here.
 */
export async function verifyJwt(keys: KeySet, token: string): Promise<Payload | null> {
  const segments = token.length <= MAX_TOKEN_CHARACTERS ? COMPACT.exec(token) : null;
  if (!segments) return null;
  const [, header = "", payload = "", signature = ""] = segments;
  const trusted = isHmac(keys.algorithm)
    ? verifyOwnHeader(keys.algorithm, keys, header, payload, signature)
    : undefined;
  const verified = trusted ?? (await verifyAnyHeader(keys, token, segments.slice(1)));
  return verified ? decode(payload) : null;
}

/** Decides tokens whose header is the very text we write, without parsing it; undefined for any other header. */
function verifyOwnHeader(algorithm: Hmac, keys: KeySet, header: string, payload: string, signature: string) {
  const key = keys.verifying.find((candidate) => headerSegment(algorithm, candidate) === header);
  if (!key) return undefined;
  return constantTimeEqual(hmac(key.key, `${header}.${payload}`, HASHES[algorithm]), signature);
}

async function verifyAnyHeader(keys: KeySet, token: string, segments: string[]): Promise<boolean> {
  if (!segments.every(isCanonical)) return false;
  const header = decode(segments[0] ?? "");
  if (!header || !isAcceptedHeader(header, keys.algorithm)) return false;
  const candidates = keys.verifying.filter(({ kid }) => header.kid === undefined || header.kid === kid);
  for (const { key } of candidates) {
    const verified = await compactVerify(token, key, { algorithms: [keys.algorithm] }).catch(() => null);
    if (verified) return true;
  }
  return false;
}

function isAcceptedHeader(header: Payload, algorithm: string): boolean {
  return (
    Object.keys(header).every((name) => ACCEPTED_HEADER_PARAMETERS.has(name)) &&
    header.alg === algorithm &&
    (header.typ === undefined || header.typ === "JWT")
  );
}

const headerSegments = new WeakMap<TokenKey, string>();

function headerSegment(algorithm: string, key: TokenKey): string {
  const known = headerSegments.get(key);
  if (known) return known;
  const segment = encode({ alg: algorithm, typ: "JWT", kid: key.kid });
  headerSegments.set(key, segment);
  return segment;
}

function isHmac(algorithm: string): algorithm is Hmac {
  return algorithm in HASHES;
}

function encode(value: Payload): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

/** Base64url in which no unused bit is set, so that one token has one spelling. */
function isCanonical(segment: string): boolean {
  return Buffer.from(segment, "base64url").toString("base64url") === segment;
}

function decode(segment: string): Payload | null {
  const bytes = Buffer.from(segment, "base64url");
  if (bytes.toString("base64url") !== segment) return null;
  try {
    const value: unknown = JSON.parse(utf8.decode(bytes));
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Payload) : null;
  } catch {
    return null;
  }
}
