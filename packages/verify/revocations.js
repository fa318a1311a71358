/** @import { Entry } from "./read-page.js" */

/** An entry outlives its last token by this much, so that a clock that is set back revives none. */
const KEEP_LONGER_MS = 60_000;
const SWEEP_EVERY_MS = 60_000;

/**
 * The sessions that are known to have ended, kept until their last access token has run out: about 200 bytes each.
 */
export function createRevocations() {
  /** @type {Map<string, { reason: string, untilMs: number }>} */
  const sessions = new Map();
  let everyone = { issuedBySeconds: Number.NEGATIVE_INFINITY, reason: "" };
  let sweptAtMs = Number.NEGATIVE_INFINITY;

  return {
    /** @param {Entry} entry */
    add({ sid, reason, atSeconds, untilMs }) {
      if (sid !== null) sessions.set(sid, { reason, untilMs });
      else if (atSeconds >= everyone.issuedBySeconds) everyone = { issuedBySeconds: atSeconds, reason };
    },

    /**
     * How the session of a token ended, null while nothing is known of that. Takes less than 5 µs.
     *
     * @param {{ sid: string, iat?: unknown }} claims
     * @returns {string | null}
     */
    reasonFor({ sid, iat }) {
      const issuedAtSeconds = typeof iat === "number" ? iat : 0;
      if (issuedAtSeconds <= everyone.issuedBySeconds) return everyone.reason;
      return sessions.get(sid)?.reason ?? null;
    },

    /**
     * Lets go of sessions whose last token has run out.
     *
     * @param {number} nowMs
     */
    sweep(nowMs) {
      if (nowMs - sweptAtMs < SWEEP_EVERY_MS) return;
      sweptAtMs = nowMs;
      for (const [sid, { untilMs }] of sessions) if (untilMs + KEEP_LONGER_MS < nowMs) sessions.delete(sid);
    },

    get size() {
      return sessions.size;
    },
  };
}
