import { tellOtherTabs } from "./other-tabs.ts";
import { lastRotation, refreshOnce } from "./refresh.ts";
import { type Called, send } from "./send.ts";

export type { Called } from "./send.ts";

/**
 * Calls the API as this browser, tokens in cookies.
 *
 * 1. the access cookie ran out → it is renewed, the call made again; any number of calls and tabs share one refresh
 * 2. the session has ended → the page is loaded anew, which leads to the log-in and says why; this never resolves
 * 3. else → what came of it; where it changed who is logged in, the other tabs learn of it
 */
export async function call<Body>(method: string, path: string, body?: unknown): Promise<Called<Body>> {
  const before = lastRotation();
  const first = await send<Body>(method, path, body);
  if (!isRefused(first)) return told(`${method} ${path}`, first);
  if (hasEnded(first)) return leave();
  const refreshed = await refreshOnce(() => lastRotation() !== before);
  if (refreshed.kind !== "ok") {
    return isRefused(refreshed) || refreshed.kind === "fields" ? leave() : refreshed;
  }
  const second = await send<Body>(method, path, body);
  return isRefused(second) ? leave() : told(`${method} ${path}`, second);
}

/** After these, if they succeed, another person is logged in than before, or nobody. */
const CHANGES_WHO = new Set([
  "POST /api/token",
  "POST /api/token/two-factor",
  "POST /api/token/passkey",
  "POST /api/register/verify",
  "POST /api/logout",
  "POST /logout_token",
  "DELETE /api/me",
]);

function told<Body>(made: string, outcome: Called<Body>): Called<Body> {
  if (outcome.kind === "ok" && CHANGES_WHO.has(made)) tellOtherTabs();
  return outcome;
}

function isRefused(outcome: Called<unknown>): outcome is Extract<Called<unknown>, { kind: "failed" }> {
  return (
    outcome.kind === "failed" && (outcome.code === "not_authenticated" || outcome.code === "token_not_valid")
  );
}

/** Whether no refresh can help. */
function hasEnded({ facts }: { facts: Record<string, unknown> }): boolean {
  return facts.reason !== undefined && facts.reason !== "expired";
}

function leave(): Promise<never> {
  window.location.reload();
  return new Promise(() => {});
}
