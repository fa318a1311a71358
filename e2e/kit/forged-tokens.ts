import { ANY_ID } from "./calls.ts";
import { segment, sign } from "./forge.ts";
import { claimsOf } from "./people.ts";

/** A token that no door may accept, and what is wrong with it. */
export type Forged = { name: string; token: string };
type Tokens = Record<string, string>;

/**
 * Every way of making a token that somebody has thought of, from a good one. Those made with `secret`, the real key,
 * stand for what another program that shares the key may issue.
 */
export function forgeAll(good: string, secret: string): Forged[] {
  const all = {
    ...otherHeaders(good, secret),
    ...otherSignatures(good),
    ...otherClaims(good, secret),
    ...otherForms(good),
  };
  return Object.entries(all).map(([name, token]) => ({ name, token }));
}

/** RFC 8725 §3.1, §3.2, §3.10, §3.11: the header chooses nothing. */
function otherHeaders(good: string, secret: string): Tokens {
  const claims = claimsOf(good);
  const usual = { alg: "HS256", typ: "JWT" };
  const header = (changes: object) => sign(secret, claims, { ...usual, ...changes });
  const jwk = { kty: "oct", k: segment(secret), alg: "HS256" };
  const unsigned = (alg: string) => `${segment({ alg, typ: "JWT" })}.${segment(claims)}.`;
  return {
    "none without a signature": unsigned("none"),
    None: unsigned("None"),
    nOnE: unsigned("nOnE"),
    "none with the old signature": unsigned("none") + good.split(".")[2],
    "no algorithm at all": sign(secret, claims, { typ: "JWT" }),
    "algorithm null": header({ alg: null }),
    "algorithms in a list": header({ alg: ["HS256"] }),
    "algorithm in lower case": header({ alg: "hs256" }),
    "another HMAC": sign(secret, claims, { ...usual, alg: "HS384" }, "sha384"),
    "a longer HMAC": sign(secret, claims, { ...usual, alg: "HS512" }, "sha512"),
    "another HMAC under our name": sign(secret, claims, usual, "sha512"),
    "RS256 with an HMAC": header({ alg: "RS256" }),
    "ES256 with an HMAC": header({ alg: "ES256" }),
    "EdDSA with an HMAC": header({ alg: "EdDSA" }),
    "another type": header({ typ: "at+jwt" }),
    "the type of a proof": header({ typ: "dpop+jwt" }),
    "the type in lower case": header({ typ: "jwt" }),
    "a type that is a number": header({ typ: 1 }),
    "an unknown key": header({ kid: "other" }),
    "a key from a file": header({ kid: "../../../dev/null" }),
    "a key from a table": header({ kid: "' union select 'x' --" }),
    "a key that is a number": header({ kid: 0 }),
    "a key at an address": header({ jku: "http://127.0.0.1:1/jwks" }),
    "a certificate at an address": header({ x5u: "http://127.0.0.1:1/x5u" }),
    "a key inside": header({ jwk }),
    "a certificate inside": header({ x5c: ["MIIB"] }),
    "an extension that must be understood": header({ crit: ["exp"], exp: 9e9 }),
    "an empty list of extensions": header({ crit: [] }),
    "an unencoded payload": header({ b64: false, crit: ["b64"] }),
    "a compressed payload": header({ zip: "DEF" }),
    "a nested token": header({ cty: "JWT" }),
    "a header that is a list": sign(secret, claims, [usual]),
    "a header that is null": sign(secret, claims, null),
    "a header that is a text": sign(secret, claims, "HS256"),
    "a header with a byte order mark": sign(secret, claims, `\ufeff${JSON.stringify(usual)}`),
    "a header with two algorithms": sign(secret, claims, '{"alg":"HS256","alg":"none","typ":"JWT"}'),
  };
}

/** RFC 8725 §3.3: the whole token, and in its one spelling. */
function otherSignatures(good: string): Tokens {
  const [header = "", payload = "", signature = ""] = good.split(".");
  const signed = `${header}.${payload}`;
  const flipped = Buffer.from(signature, "base64url");
  flipped.writeUInt8((flipped[0] ?? 0) ^ 1);
  return {
    "another key": sign("another secret that is as long as the real one", claimsOf(good)),
    "an empty key": sign("", claimsOf(good)),
    "a flipped bit": `${signed}.${flipped.toString("base64url")}`,
    "half a signature": `${signed}.${signature.slice(0, 20)}`,
    "no signature": `${signed}.`,
    "a signature twice": `${signed}.${signature}${signature}`,
    "unused bits": `${signed}.${signature.slice(0, -1)}${nextLetter(signature)}`,
    padding: `${signed}.${signature}=`,
    "the other alphabet": good
      .replaceAll("-", "+")
      .replaceAll("_", "/")
      .replace(/\.([^.]*)$/, ".+$1"),
    "a space inside": good.replace(".", ". "),
    "the next person's claims": `${header}.${segment({ ...claimsOf(good), user_id: ANY_ID, sub: ANY_ID })}.${signature}`,
  };
}

/** RFC 8725 §3.8, §3.9, §3.11, §3.12: claims that do not make one of our tokens of either type. */
function otherClaims(good: string, secret: string): Tokens {
  const claims = claimsOf(good);
  const later = Number(claims.iat) + 86_400;
  const changed = (changes: object) => sign(secret, { ...claims, ...changes });
  const raw = (payload: string) => sign(secret, payload);
  return {
    "no type": changed({ token_type: undefined }),
    "a sliding token": changed({ token_type: "sliding" }),
    "a challenge": changed({ token_type: "challenge" }),
    "types in a list": changed({ token_type: ["access", "refresh"] }),
    "no end": changed({ exp: undefined }),
    "an end that is null": changed({ exp: null }),
    "an end that is a text": changed({ exp: String(later) }),
    "an end that is an instant": changed({ exp: "2999-01-01T00:00:00Z" }),
    "an end before the beginning of time": changed({ exp: -1 }),
    "an end at infinity": raw(JSON.stringify(claims).replace(/"exp":\d+/, '"exp":1e999')),
    "a beginning in the future": changed({ nbf: later, exp: later + 60 }),
    "issued in the future": changed({ iat: later, exp: later + 60 }),
    "issued as a text": changed({ iat: "now" }),
    "no id": changed({ jti: undefined }),
    "an empty id": changed({ jti: "" }),
    "an id that is a number": changed({ jti: 1 }),
    "no session": changed({ sid: undefined }),
    "a session that is no id": changed({ sid: "' or 1=1 --" }),
    "a session in a list": changed({ sid: [claims.sid] }),
    "no person": changed({ user_id: undefined, sub: undefined }),
    "a person that is a number": changed({ user_id: 1, sub: undefined }),
    "two persons": changed({ user_id: ANY_ID }),
    "a payload that is a list": sign(secret, [claims]),
    "a payload that is null": sign(secret, null),
    "a payload that is a number": sign(secret, 1),
    "a payload that is not JSON": raw("claims"),
    "a payload that is cut off": raw(JSON.stringify(claims).slice(0, -1)),
    "a payload from a prototype": raw(`{"__proto__":${JSON.stringify(claims)}}`),
    "a payload of 60 KB": changed({ more: "x".repeat(44_000) }),
  };
}

/** What is no compact JWS of three parts (RFC 7515 §7.1). */
function otherForms(good: string): Tokens {
  const [header = "", payload = "", signature = ""] = good.split(".");
  return {
    "a dot": ".",
    "two dots": "..",
    "two parts": `${header}.${payload}`,
    "four parts": `${good}.${signature}`,
    "the parts in another order": `${payload}.${header}.${signature}`,
    "an encrypted token": `${segment({ alg: "dir", enc: "A256GCM" })}..${payload}.${payload}.${signature}`,
    "JSON serialization": JSON.stringify({ protected: header, payload, signature }),
    "general serialization": JSON.stringify({ payload, signatures: [{ protected: header, signature }] }),
    "quotes around it": `"${good}"`,
    "a scheme before it": `Bearer ${good}`,
    "a null after it": `${good}\0`,
    "60 KB of one letter": "a".repeat(60_000),
    "60 KB of dots": ".".repeat(60_000),
    "60 KB in three parts": `${"a".repeat(20_000)}.${"a".repeat(20_000)}.${"a".repeat(20_000)}`,
  };
}

/** The last letter of 32 bytes in base64url has two bits too many: one that differs only there. */
function nextLetter(signature: string): string {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  return alphabet[alphabet.indexOf(signature.at(-1) ?? "") ^ 1] ?? "";
}
