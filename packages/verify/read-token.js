import { errors, jwtVerify } from "jose";
import { publishedKeys } from "./published-keys.js";
import { TokenRefused } from "./token-refused.js";

/** @import { AccessClaims, RefusalCode } from "./index.d.ts" */
/** @import { Settings } from "./read-options.js" */
/** @import { Time } from "./time.js" */

/** @typedef {{ kind: "verified", claims: AccessClaims } | { kind: "refused", code: RefusalCode }} Reading */

const MAX_TOKEN_CHARACTERS = 8_192;
const SECRET_ALGORITHMS = ["HS256", "HS384", "HS512"];
const PUBLIC_KEY_ALGORITHMS = [
  "ES256",
  "ES384",
  "ES512",
  "EdDSA",
  "Ed25519",
  "RS256",
  "RS384",
  "RS512",
  "PS256",
  "PS384",
  "PS512",
];

/**
 * Makes the function that decides what a token says by itself, without asking whether its session lives.
 *
 * 1. an algorithm that the kind of key doesn't fix, a wrong signature, issuer or audience → `invalid` (RFC 8725 §3.1)
 * 2. keys that have never been read → `unavailable`
 * 3. past `exp` → `expired` (RFC 7519 §4.1.4)
 * 4. no access token, such as an ID token or a refresh token → `invalid` (RFC 8725 §3.11)
 *
 * @param {Pick<Settings, "issuer" | "audience" | "keys">} settings
 * @param {Time} time
 * @returns {(token: unknown) => Promise<Reading>}
 */
export function tokenReader({ issuer, audience, keys }, time) {
  const algorithms = keys instanceof URL ? PUBLIC_KEY_ALGORITHMS : SECRET_ALGORITHMS;
  const findKey = keys instanceof URL ? publishedKeys(keys, time) : () => keys;

  /**
   * A token that names audiences is for nobody else (RFC 7519 §4.1.3).
   *
   * @param {Record<string, unknown>} payload
   */
  const isForUs = (payload) => audience.length > 0 || payload.aud === undefined;

  return async (token) => {
    if (typeof token !== "string" || token.length > MAX_TOKEN_CHARACTERS) return refused("invalid");
    try {
      const { payload } = await jwtVerify(token, findKey, {
        algorithms,
        issuer,
        ...(audience.length > 0 && { audience }),
        requiredClaims: ["exp", "sub", "sid"],
        currentDate: time.now(),
      });
      return isAccess(payload) && isForUs(payload)
        ? { kind: "verified", claims: payload }
        : refused("invalid");
    } catch (fault) {
      if (fault instanceof TokenRefused) return refused(fault.code);
      const ranOut = fault instanceof errors.JWTExpired && isAccess(fault.payload) && isForUs(fault.payload);
      return refused(ranOut ? "expired" : "invalid");
    }
  };
}

/**
 * @param {RefusalCode} code
 * @returns {Reading}
 */
function refused(code) {
  return { kind: "refused", code };
}

/**
 * @param {Record<string, unknown>} payload
 * @returns {payload is AccessClaims}
 */
function isAccess(payload) {
  return payload.token_type === "access" && isText(payload.sub) && isText(payload.sid);
}

/** @param {unknown} value */
function isText(value) {
  return typeof value === "string" && value !== "";
}
