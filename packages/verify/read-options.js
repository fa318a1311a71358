/** @import { RevocationOptions, VerifierOptions, WhenStale } from "./index.d.ts" */

/**
 * Options as they are worked with.
 *
 * @typedef {{ issuer: string, audience: string[], keys: URL | Uint8Array, revocations: RevocationSettings | null }} Settings
 * @typedef {{
 *   feed: URL,
 *   introspection: URL,
 *   authorization: string,
 *   whenStale: WhenStale,
 *   staleAfterSeconds: number,
 *   onFault: NonNullable<RevocationOptions["onFault"]>,
 * }} RevocationSettings
 */

const WHEN_STALE = ["refuse", "accept", "ask"];
const STALE_AFTER_SECONDS = 30;

/**
 * Reads what a user wrote. Throws a `TypeError` that names the option which is missing or can't be meant; its value is
 * not repeated, since it may be a secret.
 *
 * @param {VerifierOptions} options
 * @returns {Settings}
 */
export function readOptions({ issuer, audience = [], keys, revocations }) {
  return {
    issuer: textOf("issuer", issuer),
    audience: [audience].flat().map((name) => textOf("audience", name)),
    keys: readKeys(keys),
    revocations: revocations === undefined ? null : readRevocations(revocations),
  };
}

/** @param {unknown} keys */
function readKeys(keys) {
  if (keys instanceof URL || (typeof keys === "string" && /^https?:/i.test(keys)))
    return addressOf("keys", keys);
  const secret = typeof keys === "string" ? new TextEncoder().encode(keys) : keys;
  if (!(secret instanceof Uint8Array) || secret.length === 0)
    throw new TypeError("keys must be the address of public keys, or a secret.");
  if (new TextDecoder().decode(secret).includes("-----BEGIN "))
    throw new TypeError("keys can't be a key in PEM: anyone who knows a public key could sign with it.");
  return secret;
}

/**
 * @param {RevocationOptions} options
 * @returns {RevocationSettings}
 */
function readRevocations({
  url,
  id,
  secret,
  whenStale,
  staleAfterSeconds = STALE_AFTER_SECONDS,
  onFault = warn,
}) {
  if (!WHEN_STALE.includes(whenStale))
    throw new TypeError(
      'revocations.whenStale must be chosen: "refuse", "accept" or "ask" while ended sessions are not known.',
    );
  if (!(Number.isFinite(staleAfterSeconds) && staleAfterSeconds > 0))
    throw new TypeError("revocations.staleAfterSeconds must be a number of seconds.");
  const base = addressOf("revocations.url", url).href.replace(/(\/api\/revocations)?\/*$/, "");
  const [name, password] = [textOf("revocations.id", id), textOf("revocations.secret", secret)].map(
    formEncode,
  );
  return {
    feed: new URL(`${base}/api/revocations`),
    introspection: new URL(`${base}/oauth/introspect`),
    authorization: `Basic ${Buffer.from(`${name}:${password}`).toString("base64")}`,
    whenStale,
    staleAfterSeconds,
    onFault,
  };
}

/**
 * @param {string} name
 * @param {unknown} value
 */
function textOf(name, value) {
  if (typeof value === "string" && value !== "") return value;
  throw new TypeError(`${name} must be a text that is not empty.`);
}

/**
 * @param {string} name
 * @param {unknown} value
 */
function addressOf(name, value) {
  const url = URL.canParse(String(value)) ? new URL(String(value)) : null;
  if (url && /^https?:$/.test(url.protocol)) return url;
  throw new TypeError(`${name} must be an address that begins with https:// or http://.`);
}

/**
 * As both halves of a client's credentials are written (RFC 6749 §2.3.1).
 *
 * @param {string} text
 */
function formEncode(text) {
  return new URLSearchParams({ text }).toString().slice("text=".length);
}

/** @type {RevocationSettings["onFault"]} */
function warn({ code, message }) {
  process.emitWarning(message, { type: "KeyturnVerifyWarning", code });
}
