import { errors, type Failure, type InvalidFields } from "@/lib/contract/errors.ts";

/** What a handler decided, before it becomes a `Response`. */
export type Answer = {
  status: number;
  /** Sent as JSON; `undefined` sends nothing. */
  body: unknown;
  /** Sent as it is, in place of `body`. */
  text?: Text;
  headers?: Record<string, string>;
  /** `Set-Cookie` lines. */
  cookies?: string[];
  /** Which origin may read it, without credentials: `*`, one, or none; left out, those that the settings list. */
  readableBy?: string | null;
};

/** What is no JSON, and its media type with the charset. */
type Text = { content: string; contentType: string };

export const BUSY_RETRY_AFTER_SECONDS = 1;

/**
 * Turns a verb's outcome into an answer: failures by the contract's table, success by `toBody`.
 */
export function respond<Outcome extends { kind: string }>(
  outcome: Outcome | Failure | InvalidFields,
  toBody: (success: Exclude<Outcome, Failure | InvalidFields>) => unknown,
  status = 200,
): Answer {
  if (isFailure(outcome)) return failureAnswer(outcome);
  if (isInvalidFields(outcome)) return { status: 400, body: outcome.fields };
  return { status, body: toBody(outcome as Exclude<Outcome, Failure | InvalidFields>) };
}

/** A success that is no JSON. */
export function textAnswer(content: string, contentType = "text/plain; charset=utf-8"): Answer {
  return { status: 200, body: undefined, text: { content, contentType } };
}

/** The same for a verb's outcome. */
export function respondWithText(
  outcome: { kind: "read"; text: string } | Failure,
  contentType?: string,
): Answer {
  return outcome.kind === "failure" ? failureAnswer(outcome) : textAnswer(outcome.text, contentType);
}

/** Leads a browser on, whatever it came with (RFC 9110 §15.4.4). */
export function seeOther(location: string, cookies?: string[]): Answer {
  return { status: 303, body: undefined, headers: { location }, ...(cookies && { cookies }) };
}

/** A failure in the contract's words. */
export function failureAnswer({ code, detail, extra, retryAfterSeconds }: Failure): Answer {
  const { status, detail: usual } = errors[code];
  const body = { detail: detail ?? usual, code, ...extra };
  const wait = retryAfterSeconds ?? (status === 503 ? BUSY_RETRY_AFTER_SECONDS : null);
  return wait === null ? { status, body } : { status, body, headers: { "retry-after": String(wait) } };
}

function isFailure(outcome: { kind: string }): outcome is Failure {
  return outcome.kind === "failure";
}

function isInvalidFields(outcome: { kind: string }): outcome is InvalidFields {
  return outcome.kind === "invalid-fields";
}
