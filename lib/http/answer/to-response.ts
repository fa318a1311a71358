import { failure } from "@/lib/contract/errors.ts";
import type { EdgeRequest } from "@/lib/http/request/read-body.ts";
import type { Settings } from "@/lib/settings/env.ts";
import { apiHeaders, corsHeaders, openCorsHeaders, REQUEST_ID } from "./headers.ts";
import { logFault } from "./log-fault.ts";
import { type Answer, failureAnswer } from "./respond.ts";

/** An answer as it leaves: what the API lane writes as it is, and Next gets as a `Response`. */
export type WireAnswer = { status: number; text: string | null; headers: Record<string, string | string[]> };

/**
 * Gives an answer its text and the headers that every answer has.
 *
 * @param settings absent while the app cannot be opened
 */
export function toWire(
  settings: Settings | undefined,
  request: EdgeRequest,
  requestId: string,
  { status, body, text: plain, headers, cookies, readableBy }: Answer,
): WireAnswer {
  const text = plain ? plain.content : body === undefined ? null : JSON.stringify(body);
  const all: WireAnswer["headers"] = Object.assign(
    { [REQUEST_ID]: requestId },
    plain ? { "content-type": plain.contentType } : text === null ? undefined : JSON_TEXT,
    apiHeaders(settings),
    readableBy === undefined
      ? settings && corsHeaders(request.headers.get("origin"), settings)
      : openCorsHeaders(readableBy),
    headers,
  );
  if (status === 401) all["www-authenticate"] ??= `${settings?.AUTH_HEADER_TYPES[0]} realm="api"`;
  if (cookies) all["set-cookie"] = cookies;
  return { status, text, headers: all };
}

const JSON_TEXT = { "content-type": "application/json" };

/** The same answer for Next. */
export function toResponse({ status, text, headers }: WireAnswer): Response {
  const response = new Response(text, { status });
  for (const [name, value] of Object.entries(headers)) {
    for (const line of [value].flat()) response.headers.append(name, line);
  }
  if (text !== null) response.headers.set("content-type", String(headers["content-type"]));
  return response;
}

/** Whatever broke, the caller learns only whether to try again. */
export function faultAnswer(error: unknown, requestId: string): Answer {
  const fault = logFault(error, { requestId });
  return failureAnswer(
    fault?.away ? failure("unavailable") : failure("server_error", undefined, { request_id: requestId }),
  );
}
