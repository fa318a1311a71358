/** @import { RefusalCode } from "./index.d.ts" */

/** @type {Record<RefusalCode, string>} */
const SENTENCES = {
  invalid: "This is no access token for this service.",
  expired: "The access token has run out.",
  revoked: "The session of this access token has ended.",
  stale: "Whether the session of this access token lives is not known at the moment.",
  unavailable: "The keys that access tokens are verified with can't be read at the moment.",
};

/** What `verify` rejects with: a caller is refused for `code`, and for `reason` where a session ended. */
export class TokenRefused extends Error {
  /** @type {"TokenRefused"} */
  name = "TokenRefused";

  /**
   * @param {RefusalCode} code
   * @param {string | null} [reason]
   */
  constructor(code, reason = null) {
    super(SENTENCES[code]);
    this.code = code;
    this.reason = reason;
  }
}
