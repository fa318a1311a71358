import { failure, invalidFields } from "@/lib/contract/errors.ts";
import { REQUIRED } from "@/lib/contract/fields.ts";
import type { Delivery } from "@/lib/http/answer/deliver.ts";
import { type Answer, failureAnswer, respond } from "@/lib/http/answer/respond.ts";
import type { Edge } from "@/lib/http/request/edge.ts";

/** A refresh token, how it came, and the key under which the client may ask again. */
export type Presented = { token: string; delivery: Delivery; retryKey: string | null };

const RETRY_KEY = /^[!-~]{16,128}$/;

/** 16 to 128 visible ASCII characters, made by the client before it sends. */
export function isRetryKey(text: string): boolean {
  return RETRY_KEY.test(text);
}

/**
 * Gives a handler the refresh token of a request.
 *
 * 1. an `Idempotency-Key` of another form → refused
 * 2. a token in the body → by json
 * 3. none there but one in a cookie → by cookie, from our own pages only
 * 4. none at all → nobody is logged in where cookies were asked for, else the field is required
 */
export function withRefreshToken(handle: (presented: Presented, edge: Edge) => Promise<Answer>) {
  return async ({ refresh }: { refresh?: string | undefined }, edge: Edge): Promise<Answer> => {
    const retryKey = edge.request.headers.get("idempotency-key");
    if (retryKey !== null && !isRetryKey(retryKey)) {
      return failureAnswer(
        failure("bad_request", "Idempotency-Key must have 16 to 128 visible ASCII characters."),
      );
    }
    if (refresh !== undefined) return handle({ token: refresh, delivery: "json", retryKey }, edge);
    const token = edge.cookies.refresh;
    if (token === null && edge.device.delivery === "cookie")
      return failureAnswer(failure("not_authenticated"));
    if (token === null) return respond(invalidFields({ refresh: [REQUIRED] }), () => null);
    if (!edge.fromOwnPage) return failureAnswer(failure("csrf_failed"));
    return handle({ token, delivery: "cookie", retryKey }, edge);
  };
}
