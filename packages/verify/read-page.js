import { parseJson, retryAfterMs } from "./send.js";

/** @import { Fault } from "./index.d.ts" */
/** @import { Outcome } from "./send.js" */

/**
 * One ended session; every session of then where `sid` is null.
 *
 * @typedef {{ sid: string | null, reason: string, atSeconds: number, untilMs: number }} Entry
 */

/**
 * @typedef {{ kind: "read", entries: Entry[], next: string | undefined, complete: boolean }
 *   | { kind: "failed", fault: Fault, retryAfterMs: number }} Page
 */

/** Wrong credentials don't become right by asking often. */
const CREDENTIALS_AGAIN_AFTER_MS = 30_000;
/** No answer may silence a verifier for longer. */
const LONGEST_RETRY_AFTER_MS = 5 * 60_000;

/**
 * Reads an answer of `GET /api/revocations`. One that can't be read whole fails whole, so that no entry is passed over. A
 * cursor that is refused is one that says nothing any more.
 *
 * @param {Outcome} outcome
 * @param {string | undefined} cursor what was asked with
 * @param {Date} now
 * @returns {Page}
 */
export function readPage(outcome, cursor, now) {
  if (outcome.kind === "failed") return failed("unreachable", `Keyturn can't be reached: ${outcome.why}`);
  const { status, headers, text } = outcome;
  if (status === 401 || status === 403)
    return failed(
      "credentials",
      "Keyturn refuses revocations.id and revocations.secret: they must be those of a confidential application.",
      Math.max(CREDENTIALS_AGAIN_AFTER_MS, retryAfterMs(headers, now)),
    );
  if (status === 400 && cursor !== undefined)
    return { kind: "read", entries: [], next: undefined, complete: false };
  if (status !== 200)
    return failed(
      "unreachable",
      `Keyturn answers ${status} at /api/revocations.`,
      retryAfterMs(headers, now),
    );
  return (
    readBody(parseJson(text)) ?? failed("unreachable", "What answers at /api/revocations is no Keyturn.")
  );
}

/**
 * @param {Fault["code"]} code
 * @param {string} message
 * @param {number} [waitMs]
 * @returns {Page}
 */
function failed(code, message, waitMs = 0) {
  const retryAfterMs = Math.min(waitMs, LONGEST_RETRY_AFTER_MS);
  return { kind: "failed", fault: { code, message }, retryAfterMs };
}

/**
 * @param {unknown} body
 * @returns {Page | null}
 */
function readBody(body) {
  const { results, next, complete } = fieldsOf(body);
  if (!Array.isArray(results) || typeof complete !== "boolean") return null;
  if (typeof next !== "string" && (results.length > 0 || (next ?? null) !== null)) return null;
  const entries = results.map(readEntry).filter((entry) => entry !== null);
  if (entries.length < results.length) return null;
  return { kind: "read", entries, next: next ?? undefined, complete };
}

/**
 * @param {unknown} value
 * @returns {Entry | null}
 */
function readEntry(value) {
  const { sid, sub, reason, at, until } = fieldsOf(value);
  const [atMs, untilMs] = [Date.parse(at), Date.parse(until)];
  const named = typeof sid === "string" || (sid === null && sub === null);
  if (!named || Number.isNaN(atMs) || Number.isNaN(untilMs)) return null;
  return { sid, reason: String(reason), atSeconds: Math.floor(atMs / 1000), untilMs };
}

/**
 * @param {unknown} value
 * @returns {Record<string, any>}
 */
function fieldsOf(value) {
  return typeof value === "object" && value !== null ? value : {};
}
