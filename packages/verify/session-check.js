import { keyturnAsker } from "./ask-keyturn.js";
import { followFeed } from "./follow-feed.js";

/** @import { AccessClaims } from "./index.d.ts" */
/** @import { RevocationSettings } from "./read-options.js" */
/** @import { Time } from "./time.js" */

/** @typedef {{ kind: "lives" } | { kind: "refused", code: "revoked", reason: string | null } | { kind: "refused", code: "stale" }} Session */

/**
 * Decides whether the session of a verified token lives, by what is heard of ended sessions.
 *
 * 1. known to have ended → `revoked`, however old the knowledge is
 * 2. nothing missing for at most `staleAfterSeconds` → lives
 * 3. else as `whenStale` says: `stale`, lives, or what Keyturn answers
 *
 * @param {RevocationSettings} settings
 * @param {Time} time
 */
export function sessionCheck(settings, time) {
  const feed = followFeed(settings, time);
  const ask = keyturnAsker(settings, time);

  return {
    ...feed,

    /**
     * @param {string} token
     * @param {AccessClaims} claims
     * @returns {Promise<Session>}
     */
    async check(token, claims) {
      const reason = feed.revocations.reasonFor(claims);
      if (reason !== null) return { kind: "refused", code: "revoked", reason };
      if (feed.lagMs() <= settings.staleAfterSeconds * 1000 || settings.whenStale === "accept")
        return { kind: "lives" };
      const answer = settings.whenStale === "ask" ? await ask(token) : "unknown";
      if (answer === "active") return { kind: "lives" };
      if (answer === "ended") return { kind: "refused", code: "revoked", reason: null };
      return { kind: "refused", code: "stale" };
    },
  };
}
