import { failure, invalidFields } from "@/lib/contract/errors.ts";
import { REQUIRED } from "@/lib/contract/fields.ts";
import { type Answer, failureAnswer, respond } from "@/lib/http/answer/respond.ts";
import type { Edge } from "@/lib/http/request/edge.ts";

/**
 * Gives a handler the secret of the log-in that waits for its code.
 *
 * 1. in the body → that
 * 2. none there but one in a cookie → that, for our own pages only
 * 3. none at all → the field is required
 */
export function withChallenge<Input extends { challenge?: string | undefined }>(
  handle: (challenge: string, input: Input, edge: Edge) => Promise<Answer>,
) {
  return async (input: Input, edge: Edge): Promise<Answer> => {
    if (input.challenge !== undefined) return handle(input.challenge, input, edge);
    const kept = edge.cookies.challenge;
    if (kept === null) return respond(invalidFields({ challenge: [REQUIRED] }), () => null);
    return edge.fromOwnPage ? handle(kept, input, edge) : failureAnswer(failure("csrf_failed"));
  };
}
