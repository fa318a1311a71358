import type { IssuedTokens } from "@/lib/auth/applications/describe-tokens.ts";
import { errors, type Failure } from "@/lib/contract/errors.ts";
import { logFault } from "./log-fault.ts";
import { type Answer, BUSY_RETRY_AFTER_SECONDS, failureAnswer } from "./respond.ts";

/** A refusal in OAuth's words (RFC 6749 §5.2). */
export function oauthError(error: string, description: string, status = 400): Answer {
  const body = { error, error_description: description };
  return status === 401
    ? { status, body, headers: { "www-authenticate": 'Basic realm="oauth"' } }
    : { status, body };
}

/** A failure of a verb in OAuth's words. A token that opens nothing is a grant that is not valid. */
export function oauthFailure(failure: Failure): Answer {
  const { status, headers } = failureAnswer(failure);
  const description = failure.detail ?? errors[failure.code].detail;
  if (status === 429 || status === 503)
    return { ...oauthError("temporarily_unavailable", description, status), ...(headers && { headers }) };
  if (failure.code === "token_not_valid") return oauthError("invalid_grant", description);
  return oauthError("invalid_request", description, status === 413 ? status : 400);
}

/** Whatever broke, a client learns only whether to try again. */
export function oauthFault(error: unknown, requestId: string): Answer {
  const fault = logFault(error, { requestId });
  const retry = { "retry-after": String(BUSY_RETRY_AFTER_SECONDS) };
  return fault?.away
    ? { ...oauthError("temporarily_unavailable", errors.unavailable.detail, 503), headers: retry }
    : oauthError("server_error", errors.server_error.detail, 500);
}

/** What a token call hands out, or why it does not. Of a code nobody learns more than that it is not good. */
export function respondIssued(outcome: IssuedTokens | Failure | { kind: "refused" }): Answer {
  if (outcome.kind === "issued") return { status: 200, body: outcome.body, headers: { pragma: "no-cache" } };
  if (outcome.kind === "failure") return oauthFailure(outcome);
  return oauthError("invalid_grant", "The grant is not valid, has expired, or was used.");
}
