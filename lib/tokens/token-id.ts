import { epochSeconds, instant } from "@/lib/base/clock.ts";
import { constantTimeEqual, hmac, type KeyObject } from "@/lib/base/crypto.ts";

/** The `jti` of both tokens begins with what it names, so that it can be traced, and ends with a MAC over it. */
const KINDS = { refresh: 1, access: 2 } as const;
const KIND_BYTES = 1;
const SESSION_BYTES = 16;
const GENERATION_BYTES = 4;
const SECONDS_BYTES = 6;
/** 96 bits. */
const MAC_CHARACTERS = 16;
const SUBJECT_BYTES = KIND_BYTES + SESSION_BYTES + GENERATION_BYTES;
const HIGH = 2 ** 32;

/** What a `jti` of ours says. It repeats claims that stand beside it in the token, and holds no other secret. */
export type NamedToken =
  | { kind: "refresh"; sessionId: string; generation: number }
  | { kind: "access"; sessionId: string; generation: number; issuedAt: Date; authTimeSeconds: number };

/** The `jti` of one generation's refresh token: nobody without the key can make one or guess it. */
export function refreshTokenId(key: KeyObject, sessionId: string, generation: number): string {
  const mac = hmac(key, `refresh ${sessionId} ${generation}`).slice(0, MAC_CHARACTERS);
  return subject("refresh", sessionId, generation, SUBJECT_BYTES).toString("base64url") + mac;
}

/** The `jti` of an access token, of which a generation has one more after each step-up. */
export function accessTokenId(
  key: KeyObject,
  { id, generation, authenticatedAt }: { id: string; generation: number; authenticatedAt: Date },
  issuedAt: Date,
): string {
  const authTime = epochSeconds(authenticatedAt);
  const named = subject("access", id, generation, SUBJECT_BYTES + 2 * SECONDS_BYTES);
  writeWide(named, issuedAt.getTime(), SUBJECT_BYTES);
  writeWide(named, authTime, SUBJECT_BYTES + SECONDS_BYTES);
  const mac = hmac(key, `access ${id} ${generation} ${issuedAt.getTime()} ${authTime}`);
  return named.toString("base64url") + mac.slice(0, MAC_CHARACTERS);
}

/** What a `jti` names; null for one that we did not make. */
export function readTokenId(key: KeyObject, jti: string): NamedToken | null {
  const named = Buffer.from(jti.slice(0, -MAC_CHARACTERS), "base64url");
  if (named.length < SUBJECT_BYTES) return null;
  const sessionId = toUuid(named.subarray(KIND_BYTES, KIND_BYTES + SESSION_BYTES));
  const generation = named.readUInt32BE(KIND_BYTES + SESSION_BYTES);
  if (named[0] === KINDS.refresh) {
    const expected = refreshTokenId(key, sessionId, generation);
    return constantTimeEqual(jti, expected) ? { kind: "refresh", sessionId, generation } : null;
  }
  if (named.length !== SUBJECT_BYTES + 2 * SECONDS_BYTES) return null;
  const issuedAt = instant(named.readUIntBE(SUBJECT_BYTES, SECONDS_BYTES));
  const authTimeSeconds = named.readUIntBE(SUBJECT_BYTES + SECONDS_BYTES, SECONDS_BYTES);
  const authenticatedAt = instant(authTimeSeconds * 1000);
  const expected = accessTokenId(key, { id: sessionId, generation, authenticatedAt }, issuedAt);
  return constantTimeEqual(jti, expected)
    ? { kind: "access", sessionId, generation, issuedAt, authTimeSeconds }
    : null;
}

function subject(kind: keyof typeof KINDS, sessionId: string, generation: number, length: number): Buffer {
  const named = Buffer.alloc(length);
  named[0] = KINDS[kind];
  named.write(sessionId.replaceAll("-", ""), KIND_BYTES, SESSION_BYTES, "hex");
  named.writeUInt32BE(generation >>> 0, KIND_BYTES + SESSION_BYTES);
  return named;
}

/** 48 bits, enough for milliseconds until the year 10889. */
function writeWide(named: Buffer, value: number, at: number): void {
  named.writeUInt16BE(Math.floor(value / HIGH) & 0xffff, at);
  named.writeUInt32BE(value >>> 0, at + 2);
}

function toUuid(bytes: Buffer): string {
  return bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
