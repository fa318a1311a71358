import { TokenPair } from "@/lib/contract/tokens.ts";
import { StartedChallenge, StepUpRequest } from "@/lib/contract/two-factor.ts";
import { EXAMPLE, PAIR, STARTED_CHALLENGE } from "./examples.ts";
import type { Operation } from "./operation.ts";

export const stepUpOperation: Operation = {
  id: "stepUp",
  tag: "Tokens",
  method: "post",
  path: "/api/token/step-up",
  summary: "Confirm that it's still you",
  description:
    "Settles `recent_login_required`. With nothing it asks for a code or a strong factor and answers 202; with the " +
    "password, which suffices where there is no strong factor, or with that challenge and its proof, it renews when " +
    "this session was last proven.",
  auth: "log-in",
  request: StepUpRequest,
  delivery: "tokens",
  successes: [
    {
      status: 200,
      says: "Confirmed.",
      body: TokenPair.omit({ refresh: true }),
      example: { access: PAIR.access },
    },
    {
      status: 202,
      says: "A proof is awaited; by `email`, a code was mailed.",
      body: StartedChallenge,
      example: STARTED_CHALLENGE,
    },
  ],
  errors: ["code_not_valid", "passkey_not_valid", "challenge_not_valid", "two_factor_required", "throttled"],
  example: { body: { password: EXAMPLE.password } },
};
