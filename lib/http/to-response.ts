import { databaseFault } from "@/db/client.ts";
import { failure } from "@/lib/contract/errors.ts";
import type { Settings } from "@/lib/env.ts";
import { log } from "@/lib/log.ts";
import { apiHeaders, corsHeaders } from "./headers.ts";
import type { EdgeRequest } from "./read-body.ts";
import { type Answer, ApiResponse, failureAnswer } from "./respond.ts";

/**
 * The answer as it leaves, with the headers that every answer has.
 *
 * @param settings absent while the app cannot be opened
 */
export function toResponse(
  settings: Settings | undefined,
  request: EdgeRequest,
  requestId: string,
  { status, body, headers, cookies }: Answer,
): Response {
  const text = body === undefined ? null : JSON.stringify(body);
  return new ApiResponse(text, status, {
    ...(text !== null && { "content-type": "application/json" }),
    ...apiHeaders(settings),
    ...(settings && corsHeaders(request.headers.get("origin"), settings)),
    ...(status === 401 && { "www-authenticate": `${settings?.AUTH_HEADER_TYPES[0]} realm="api"` }),
    "x-request-id": requestId,
    ...headers,
    ...(cookies && { "set-cookie": cookies }),
  });
}

/** Whatever broke, the caller learns only whether to try again. */
export function faultAnswer(error: unknown, requestId: string): Answer {
  const fault = databaseFault(error);
  const name = error instanceof Error ? error.name : typeof error;
  const stack = fault ? undefined : stackOf(error);
  log.error({ requestId, code: fault?.code, name, stack }, "request failed");
  return failureAnswer(
    fault?.away ? failure("unavailable") : failure("server_error", undefined, { request_id: requestId }),
  );
}

/** Where an error was thrown; its message stays out, since it may hold what the caller sent. */
function stackOf(error: unknown): string | undefined {
  const lines = error instanceof Error ? (error.stack ?? "").split("\n") : [];
  return lines.filter((line) => /^\s+at /.test(line)).join("\n");
}
