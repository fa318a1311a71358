import type { ErrorCode } from "@/lib/contract/errors.ts";

/** What a call of our own API came to, as a page sees it. */
export type Called<Body> =
  | { kind: "ok"; body: Body }
  | { kind: "fields"; fields: Record<string, string[]> }
  | { kind: "failed"; code: ErrorCode | "offline"; detail: string; facts: Record<string, unknown> };

const OFFLINE = "Keyturn can't be reached. Check your connection and try again.";

/**
 * Calls the API as this browser, tokens in cookies. An access cookie that ran out is renewed once and the call made
 * again; any number of calls of this page share that one refresh.
 */
export async function call<Body>(method: string, path: string, body?: unknown): Promise<Called<Body>> {
  const first = await send<Body>(method, path, body);
  const expired =
    first.kind === "failed" && (first.code === "not_authenticated" || first.code === "token_not_valid");
  if (!expired || path === REFRESH_PATH) return first;
  const refreshed = await refreshOnce();
  return refreshed.kind === "ok" ? send<Body>(method, path, body) : first;
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
  return judge(response.status, text === "" ? {} : JSON.parse(text));
}

function judge<Body>(status: number, answer: Record<string, unknown>): Called<Body> {
  if (status < 400) return { kind: "ok", body: answer as Body };
  const { code, detail, ...facts } = answer;
  if (typeof code === "string") {
    return { kind: "failed", code: code as ErrorCode, detail: String(detail), facts };
  }
  return { kind: "fields", fields: answer as Record<string, string[]> };
}
