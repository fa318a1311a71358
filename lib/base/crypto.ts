import {
  createCipheriv,
  createDecipheriv,
  createECDH,
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  createSecretKey,
  hkdfSync,
  type KeyObject,
  randomBytes,
  randomInt,
  timingSafeEqual,
} from "node:crypto";

export type { KeyObject } from "node:crypto";
export { randomUUID } from "node:crypto";

/** The id that names nothing (RFC 9562 §5.9). */
export const NIL_UUID = "00000000-0000-0000-0000-000000000000";

/** A fresh secret from the operating system, `bytes` long before base64url. */
export function randomToken(bytes: number): string {
  return randomBytes(bytes).toString("base64url");
}

/** The same as bytes. */
export function randomSecret(bytes: number): Buffer {
  return randomBytes(bytes);
}

/** `length` decimal digits, each equally likely (ASVS 6.5.3). */
export function randomDigits(length: number): string {
  return Array.from({ length }, () => randomInt(10)).join("");
}

/**
 * A key for one purpose only, derived from `secret` by HKDF-SHA-256 (RFC 5869).
 * Different labels give unrelated keys, so one secret never serves two purposes.
 */
export function deriveKey(secret: string, label: string): KeyObject {
  return createSecretKey(Buffer.from(hkdfSync("sha256", secret, "keyturn", label, 32)));
}

/** Names the key that `deriveKey` makes, and says nothing of it. */
export function keyId(secret: string, label: string): string {
  return Buffer.from(hkdfSync("sha256", secret, "keyturn", `id of ${label}`, 6)).toString("base64url");
}

/** The HMAC key whose bytes are the UTF-8 text of `secret`, as SimpleJWT reads its SIGNING_KEY. */
export function secretKey(secret: string): KeyObject {
  return createSecretKey(Buffer.from(secret, "utf8"));
}

/** The HMAC key that is these bytes. */
export function secretBytes(bytes: Buffer): KeyObject {
  return createSecretKey(bytes);
}

/** HMAC of `text` as base64url. `hash` names a digest of node:crypto. */
export function hmac(key: KeyObject, text: string, hash: "sha256" | "sha384" | "sha512" = "sha256"): string {
  return createHmac(hash, key).update(text).digest("base64url");
}

/** HMAC of `text` as bytes, for digests kept in the database. */
export function hmacBytes(key: KeyObject, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}

/** SHA-256 of `text` as bytes, enough for secrets that carry 128 bits or more. */
export function sha256(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Encrypts `text` with AES-256-GCM under a fresh nonce: nonce, ciphertext, tag. It opens only beside the same `aad`,
 * so a sealed value that is moved to another row is worth nothing.
 */
export function seal(key: KeyObject, text: string, aad: string): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv("aes-256-gcm", key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(Buffer.from(aad));
  return Buffer.concat([nonce, cipher.update(text, "utf8"), cipher.final(), cipher.getAuthTag()]);
}

/** The text that `seal` hid; null under another key, beside another `aad`, or when a bit of it was changed. */
export function open(key: KeyObject, sealed: Buffer, aad: string): string | null {
  if (sealed.length < NONCE_BYTES + TAG_BYTES) return null;
  const nonce = sealed.subarray(0, NONCE_BYTES);
  const decipher = createDecipheriv("aes-256-gcm", key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(aad)).setAuthTag(sealed.subarray(-TAG_BYTES));
  try {
    return (
      decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES), undefined, "utf8") + decipher.final("utf8")
    );
  } catch {
    return null;
  }
}

/** Compares two texts in time that depends on their lengths only (ASVS 11.2.4). */
export function constantTimeEqual(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}

/** The private key in `pem` (PKCS#8, PKCS#1 or SEC 1). Throws on anything else. */
export function readPrivateKey(pem: string): KeyObject {
  return createPrivateKey(pem);
}

/** The public key in `pem`, or the public half of a private key. Throws on anything else. */
export function readPublicKey(key: string | KeyObject): KeyObject {
  return createPublicKey(key);
}

/**
 * A private P-256 key derived from `secret` for one purpose: the first of a row of 256-bit numbers by HKDF that is a key
 * of the curve (RFC 5869; FIPS 186-5 A.2.2 draws in the same way).
 */
export function deriveEcKey(secret: string, label: string): KeyObject {
  for (let attempt = 0; ; attempt++) {
    const d = Buffer.from(hkdfSync("sha256", secret, "keyturn", `${label} ${attempt}`, 32));
    const curve = createECDH("prime256v1");
    try {
      curve.setPrivateKey(d);
    } catch {
      continue;
    }
    const point = curve.getPublicKey();
    const [scalar, x, y] = [d, point.subarray(1, 33), point.subarray(33)].map((bytes) =>
      bytes.toString("base64url"),
    );
    return createPrivateKey({ key: { kty: "EC", crv: "P-256", d: scalar, x, y }, format: "jwk" });
  }
}
