import { type ErrorCode, errors } from "@/lib/contract/errors.ts";
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
  return readAnswer(response);
}

/** What an answer in JSON says; null is one that never came. */
export async function readAnswer<Body>(response: Response | null): Promise<Called<Body>> {
  const answer = response && parse(await response.text().catch(() => null));
  return answer
    ? readOutcome(response, answer)
    : { kind: "failed", code: "offline", detail: OFFLINE, facts: {} };
}

/** What people are told of a failure, by its code alone: the server's own sentence is for programs. */
function sentenceOf(code: string, headers: Headers): string {
  if (code === "throttled") return waitSentence(Number(headers.get("retry-after")));
  return errors[Object.hasOwn(errors, code) ? (code as ErrorCode) : "server_error"].detail;
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

function readOutcome<Body>({ status, headers }: Response, answer: Record<string, unknown>): Called<Body> {
  if (status < 400) return { kind: "ok", body: answer as Body };
  const { code, detail: _, ...facts } = answer;
  if (typeof code === "string")
    return { kind: "failed", code: code as ErrorCode, detail: sentenceOf(code, headers), facts };
  return { kind: "fields", fields: answer as Record<string, string[]> };
}
