import type { ErrorCode } from "@/lib/contract/errors.ts";

/** What a call of our own API came to, as a page sees it. */
export type Called<Body> =
  | { kind: "ok"; body: Body }
  | { kind: "fields"; fields: Record<string, string[]> }
  | { kind: "failed"; code: ErrorCode | "offline"; detail: string; facts: Record<string, unknown> };

const OFFLINE = "Keyturn can't be reached. Check your connection and try again.";

/**
 * Calls the API as this browser, tokens in cookies.
 *
 * 1. the access cookie ran out → it is renewed, the call made again; any number of calls of this page share one refresh
 * 2. the session has ended → the page is loaded anew, which leads to the log-in and says why; this never resolves
 * 3. else → what came of it
 */
export async function call<Body>(method: string, path: string, body?: unknown): Promise<Called<Body>> {
  const first = await send<Body>(method, path, body);
  if (!isRefused(first)) return first;
  if (hasEnded(first)) return leave();
  const refreshed = await refreshOnce();
  if (refreshed.kind === "ok") return send<Body>(method, path, body);
  return isRefused(refreshed) || refreshed.kind === "fields" ? leave() : refreshed;
}

function isRefused(outcome: Called<unknown>): outcome is Extract<Called<unknown>, { kind: "failed" }> {
  return (
    outcome.kind === "failed" && (outcome.code === "not_authenticated" || outcome.code === "token_not_valid")
  );
}

/** Whether no refresh can help. Asking for one would take away the cookie by which the log-in page knows why. */
function hasEnded({ facts }: { facts: Record<string, unknown> }): boolean {
  return facts.reason !== undefined && facts.reason !== "expired";
}

function leave(): Promise<never> {
  window.location.reload();
  return new Promise(() => {});
}

const REFRESH_PATH = "/api/token/refresh";
let refreshing: Promise<Called<unknown>> | null = null;

function refreshOnce(): Promise<Called<unknown>> {
  refreshing ??= send<unknown>("POST", REFRESH_PATH).finally(() => {
    refreshing = null;
  });
  return refreshing;
}

async function send<Body>(method: string, path: string, body?: unknown): Promise<Called<Body>> {
  const response = await fetch(path, {
    method,
    headers: {
      "x-token-delivery": "cookie",
      ...(body !== undefined && { "content-type": "application/json" }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  }).catch(() => null);
  if (!response) return { kind: "failed", code: "offline", detail: OFFLINE, facts: {} };
  const text = await response.text().catch(() => "");
  const answer = parse(text);
  if (!answer) return { kind: "failed", code: "offline", detail: OFFLINE, facts: {} };
  return judge(response.status, answer);
}

/** Null for what is not ours: an error page of something between us and the browser. */
function parse(text: string): Record<string, unknown> | null {
  try {
    return text === "" ? {} : JSON.parse(text);
  } catch {
    return null;
  }
}

function judge<Body>(status: number, answer: Record<string, unknown>): Called<Body> {
  if (status < 400) return { kind: "ok", body: answer as Body };
  const { code, detail, ...facts } = answer;
  if (typeof code === "string") {
    return { kind: "failed", code: code as ErrorCode, detail: String(detail), facts };
  }
  return { kind: "fields", fields: answer as Record<string, string[]> };
}
