import { readOptions } from "./read-options.js";
import { tokenReader } from "./read-token.js";
import { requestHandlers } from "./request-handlers.js";
import { sessionCheck } from "./session-check.js";
import { systemTime } from "./time.js";
import { TokenRefused } from "./token-refused.js";

/** @import { AccessClaims, Verifier, VerifierOptions } from "./index.d.ts" */
/** @import { Time } from "./time.js" */

/**
 * Verifies Keyturn's access tokens, as index.d.ts promises.
 *
 * @param {VerifierOptions} options
 * @param {Time} [time] this machine's where left out; tests move their own
 * @returns {Verifier}
 */
export function createVerifier(options, time = systemTime) {
  const settings = readOptions(options);
  const read = tokenReader(settings, time);
  const sessions = settings.revocations ? sessionCheck(settings.revocations, time) : null;

  /**
   * @param {string} token
   * @returns {Promise<AccessClaims>}
   */
  async function verify(token) {
    const reading = await read(token);
    if (reading.kind === "refused") throw new TokenRefused(reading.code);
    const session = await sessions?.check(token, reading.claims);
    if (session?.kind === "refused")
      throw new TokenRefused(session.code, session.code === "revoked" ? session.reason : null);
    return reading.claims;
  }

  return {
    verify,
    ...requestHandlers(verify),
    lag: () => sessions?.lagMs() ?? null,
    ready: async () => sessions?.ready(),
    close: () => sessions?.close(),
  };
}
