import type { EdgeRequest } from "@/lib/http/request/read-body.ts";
import type { Answer } from "./respond.ts";

/** What a preflight is told: the methods of its path, and that a listed front end may send what it asks to. */
export function preflight({ headers }: EdgeRequest, allowed: readonly string[]): Answer {
  const asked = headers.get("access-control-request-headers");
  return {
    status: 204,
    body: undefined,
    headers: { allow: allowed.join(", "), ...preflightHeaders(allowed, asked) },
  };
}

const CLIENT_HEADERS = "Authorization, Content-Type, Idempotency-Key, X-Token-Delivery";
/** Names of headers in a row (RFC 9110 §5.1), at most 50. */
const HEADER_NAMES = /^[!#$%&'*+.^_`|~\w-]{1,64}(?:[ \t]*,[ \t]*[!#$%&'*+.^_`|~\w-]{1,64}){0,49}$/;

/**
 * What a preflight is told besides: a front end that is listed may send whatever headers its libraries add.
 *
 * @param asked its `Access-Control-Request-Headers`
 */
function preflightHeaders(methods: readonly string[], asked: string | null): Record<string, string> {
  const names = asked !== null && HEADER_NAMES.test(asked) ? asked : CLIENT_HEADERS;
  return {
    "access-control-allow-methods": methods.join(", "),
    "access-control-allow-headers": names,
    "access-control-max-age": "600",
  };
}
