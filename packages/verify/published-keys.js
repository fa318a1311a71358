import { createLocalJWKSet, errors } from "jose";
import { parseJson, send } from "./send.js";
import { TokenRefused } from "./token-refused.js";

/** @import { JSONWebKeySet, JWTVerifyGetKey } from "jose" */
/** @import { Time } from "./time.js" */

const FRESH_FOR_MS = 10 * 60_000;
const COOL_DOWN_MS = 10_000;
const TIMEOUT_MS = 5_000;

/**
 * Finds the key of a token among those that Keyturn publishes (RFC 7517). They are read when the first token comes,
 * every ten minutes, and when a token names an unknown one; at most every ten seconds, whatever tokens come. While they
 * can't be read, known keys go on.
 *
 * Throws `TokenRefused` with `unavailable` where they have never been read, and an error of jose's for an unknown key.
 *
 * @param {URL} url
 * @param {Time} time
 * @returns {JWTVerifyGetKey}
 */
export function publishedKeys(url, time) {
  /** @type {ReturnType<typeof createLocalJWKSet> | null} */
  let find = null;
  let readAtMs = Number.NEGATIVE_INFINITY;
  let triedAtMs = Number.NEGATIVE_INFINITY;
  let failing = false;
  /** @type {Promise<void> | null} */
  let reading = null;

  async function read() {
    triedAtMs = time.now().getTime();
    const headers = { accept: "application/json" };
    const outcome = await send(time, { url, headers, timeoutMs: TIMEOUT_MS });
    const found = outcome.kind === "answered" && outcome.status === 200 ? readKeys(outcome.text) : null;
    failing = found === null;
    if (found === null) return;
    find = found;
    readAtMs = time.now().getTime();
  }

  /** @param {number} atMs */
  const elapsedMs = (atMs) => Math.abs(time.now().getTime() - atMs);

  function readUnlessJustDone() {
    if (!reading && elapsedMs(triedAtMs) >= COOL_DOWN_MS)
      reading = read().finally(() => {
        reading = null;
      });
    return reading;
  }

  return async (header, token) => {
    if (elapsedMs(readAtMs) >= FRESH_FOR_MS) {
      const refreshing = readUnlessJustDone();
      if (!find || !failing) await refreshing;
    }
    if (!find) throw new TokenRefused("unavailable");
    try {
      return await find(header, token);
    } catch (fault) {
      if (!(fault instanceof errors.JWKSNoMatchingKey)) throw fault;
      await readUnlessJustDone();
      return find(header, token);
    }
  };
}

/** @param {string} text */
function readKeys(text) {
  try {
    return createLocalJWKSet(/** @type {JSONWebKeySet} */ (parseJson(text)));
  } catch {
    return null;
  }
}
