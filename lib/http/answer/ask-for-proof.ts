import type { CodeNeeded } from "@/lib/auth/log-in/log-in.ts";
import { errors } from "@/lib/contract/errors.ts";
import { challengeCookie } from "@/lib/http/request/cookies.ts";
import type { Edge } from "@/lib/http/request/edge.ts";
import type { Delivery } from "./deliver.ts";
import type { Answer } from "./respond.ts";

const NOT_MAILED = "Prove it's you with your passkey, authenticator app or a recovery code.";

/** A log-in or step-up that waits for its second step, in the contract's words; only a log-in is kept in a cookie. */
export function askForProof(edge: Edge, delivery: Delivery, { challenge, purpose }: CodeNeeded): Answer {
  const code = "two_factor_required";
  const { status, detail: mailed } = errors[code];
  const detail = challenge.sent_to === undefined ? NOT_MAILED : mailed;
  const answer = { status, body: { detail, code, ...challenge } };
  return purpose === "log-in" ? remember(edge, delivery, answer, challenge.challenge) : answer;
}

/** What names a challenge is kept where tokens would be: a client that asks for cookies has it as one too. */
export function remember({ app }: Edge, delivery: Delivery, answer: Answer, challenge: string): Answer {
  return delivery === "json" ? answer : { ...answer, cookies: [challengeCookie(challenge, app.settings)] };
}
