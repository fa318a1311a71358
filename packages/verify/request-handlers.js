import { TokenRefused } from "./token-refused.js";

/** @import { Verifier } from "./index.d.ts" */

/** @typedef {{ status: number, headers: Record<string, string>, body: string }} Answer */

const RETRY_AFTER_SECONDS = "1";

/**
 * What stands in front of a service's own handlers.
 *
 * 1. no Bearer token → 401, `WWW-Authenticate: Bearer` (RFC 6750 §3)
 * 2. a refused one → 401, `error="invalid_token"` (RFC 6750 §3.1)
 * 3. keys or ended sessions not known at the moment → 503, so that nobody throws a good token away
 * 4. else the claims
 *
 * @param {Verifier["verify"]} verify
 * @returns {Pick<Verifier, "express" | "fastify" | "authenticate">}
 */
export function requestHandlers(verify) {
  /** @param {string | null | undefined} authorization */
  async function admit(authorization) {
    const token = bearerToken(authorization);
    if (token === null) return refusal(401, "Bearer", { detail: "An access token is required." });
    try {
      return { kind: /** @type {const} */ ("admitted"), claims: await verify(token) };
    } catch (fault) {
      if (!(fault instanceof TokenRefused)) throw fault;
      const { code, reason, message: detail } = fault;
      if (code === "stale" || code === "unavailable") return refusal(503, null, { detail, code });
      const body = { detail, code, ...(reason !== null && { reason }) };
      return refusal(401, 'Bearer error="invalid_token"', body);
    }
  }

  return {
    async express(request, response, next) {
      const outcome = await admit(request.headers.authorization).catch((fault) => void next(fault));
      if (!outcome) return;
      if (outcome.kind === "refused") {
        response.writeHead(outcome.answer.status, outcome.answer.headers).end(outcome.answer.body);
        return;
      }
      request.auth = outcome.claims;
      next();
    },

    async fastify(request, reply) {
      const outcome = await admit(request.headers.authorization);
      if (outcome.kind === "refused") {
        const { status, headers, body } = outcome.answer;
        return reply.code(status).headers(headers).send(body);
      }
      request.auth = outcome.claims;
      return undefined;
    },

    async authenticate(request) {
      const outcome = await admit(request.headers.get("authorization"));
      if (outcome.kind === "admitted") return outcome.claims;
      const { status, headers, body } = outcome.answer;
      return new Response(body, { status, headers });
    },
  };
}

/** @param {string | null | undefined} authorization */
function bearerToken(authorization) {
  return /^Bearer +(.*)$/i.exec(authorization ?? "")?.[1]?.trim() || null;
}

/**
 * @param {number} status
 * @param {string | null} challenge
 * @param {Record<string, string>} body
 */
function refusal(status, challenge, body) {
  const headers = {
    "content-type": "application/json",
    "cache-control": "no-store",
    ...(challenge === null ? { "retry-after": RETRY_AFTER_SECONDS } : { "www-authenticate": challenge }),
  };
  return { kind: /** @type {const} */ ("refused"), answer: { status, headers, body: JSON.stringify(body) } };
}
