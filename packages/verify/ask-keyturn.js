import { parseJson, retryAfterMs, send } from "./send.js";

/** @import { RevocationSettings } from "./read-options.js" */
/** @import { Time } from "./time.js" */

const TIMEOUT_MS = 2_000;
const COOL_DOWN_MS = 1_000;

/**
 * Makes the function that asks Keyturn whether a token opens something now (RFC 7662). It answers `unknown` where no
 * answer comes within two seconds, and for a second after that without asking.
 *
 * @param {Pick<RevocationSettings, "introspection" | "authorization">} settings
 * @param {Time} time
 * @returns {(token: string) => Promise<"active" | "ended" | "unknown">}
 */
export function keyturnAsker({ introspection, authorization }, time) {
  let notBeforeMs = Number.NEGATIVE_INFINITY;

  return async (token) => {
    if (time.now().getTime() < notBeforeMs) return "unknown";
    const outcome = await send(time, {
      url: introspection,
      method: "POST",
      headers: { authorization, "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams({ token }).toString(),
      timeoutMs: TIMEOUT_MS,
    });
    const body = outcome.kind === "answered" && outcome.status === 200 ? parseJson(outcome.text) : undefined;
    const active = body && /** @type {{ active?: unknown }} */ (body).active;
    if (typeof active === "boolean") return active ? "active" : "ended";
    const now = time.now();
    const askedToWaitMs = outcome.kind === "answered" ? retryAfterMs(outcome.headers, now) : 0;
    notBeforeMs = now.getTime() + Math.max(COOL_DOWN_MS, Math.min(askedToWaitMs, 60_000));
    return "unknown";
  };
}
