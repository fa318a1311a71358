import { failure } from "@/lib/contract/errors.ts";
import { type Answer, failureAnswer } from "./respond.ts";
import type { Edge } from "./route.ts";

/** 16 to 128 visible ASCII characters, made by the client before it sends. */
const RETRY_KEY = /^[!-~]{16,128}$/;

/** Gives a handler the request's `Idempotency-Key`, or null when it has none; any other form of it is refused. */
export function withRetryKey<Input>(
  handle: (input: Input, edge: Edge, retryKey: string | null) => Promise<Answer>,
): (input: Input, edge: Edge) => Promise<Answer> {
  return async (input, edge) => {
    const retryKey = edge.request.headers.get("idempotency-key");
    if (retryKey === null || RETRY_KEY.test(retryKey)) return handle(input, edge, retryKey);
    return failureAnswer(
      failure("bad_request", "Idempotency-Key must have 16 to 128 visible ASCII characters."),
    );
  };
}
