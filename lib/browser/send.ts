import type { ErrorCode } from "@/lib/contract/errors.ts";
import { waitSentence } from "./wait-sentence.ts";

/** What a call of our own API came to, as a page sees it: `detail` is a sentence that people can be shown. */
export type Called<Body> =
  | { kind: "ok"; body: Body }
  | { kind: "fields"; fields: Record<string, string[]> }
  | { kind: "failed"; code: ErrorCode | "offline"; detail: string; facts: Record<string, unknown> };

const OFFLINE = "Keyturn can't be reached. Check your connection and try again.";

/** Sends one call, tokens in cookies, and reads its answer. It never throws. */
export async function send<Body>(
  method: string,
  path: string,
  body?: unknown,
  { headers, signal }: { headers?: Record<string, string>; signal?: AbortSignal } = {},
): Promise<Called<Body>> {
  const response = await fetch(path, {
    method,
    headers: {
      "x-token-delivery": "cookie",
      ...(body !== undefined && { "content-type": "application/json" }),
      ...headers,
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    ...(signal && { signal }),
  }).catch(() => null);
  const answer = response && parse(await response.text().catch(() => null));
  return answer
    ? judge(response.status, answer)
    : { kind: "failed", code: "offline", detail: OFFLINE, facts: {} };
}

/** Null for what did not come whole or is not ours: an error page of something between us and the browser. */
function parse(text: string | null): Record<string, unknown> | null {
  if (text === null) return null;
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
    const sentence = code === "throttled" ? waitSentence(String(detail)) : String(detail);
    return { kind: "failed", code: code as ErrorCode, detail: sentence, facts };
  }
  return { kind: "fields", fields: answer as Record<string, string[]> };
}
