import type { Executor } from "@/db/client.ts";
import { type ChallengeKey, findChallenge } from "@/db/queries/challenges.ts";
import { lockUser } from "@/db/queries/users.ts";
import type { Call } from "@/lib/app/call.ts";
import { challengeKey } from "@/lib/auth/challenges/open-challenge.ts";
import { trustDevice } from "@/lib/auth/devices/trust-device.ts";
import { redeemProof } from "@/lib/auth/factors/redeem-proof.ts";
import { createSession } from "@/lib/auth/sessions/create-session.ts";
import { type Failure, failure, type InvalidFields } from "@/lib/contract/errors.ts";
import type { Proof } from "@/lib/contract/two-factor.ts";
import { signTokenPair } from "@/lib/tokens/session-tokens.ts";
import type { LoggedIn } from "./log-in.ts";

export type Answer = { challenge: string; proof: Proof; trustDevice: boolean };

/**
 * Completes a log-in with its second step.
 *
 * 1. no code of that method, spaces and dashes aside → the field and why; no try is spent
 * 2. a challenge for anything but a log-in, unknown, expired, used or exhausted → `challenge_not_valid`
 * 3. code entry is closed → `throttled`; no try is spent
 * 4. a method that this person is not offered → the field and why; no try is spent
 * 5. a wrong proof → `code_not_valid`, or of a passkey `passkey_not_valid`, with the tries left
 * 6. the right one → a session, made only now; of simultaneous right answers exactly one gets it
 */
export async function answerChallenge(
  call: Call,
  { challenge, proof, trustDevice: trusts }: Answer,
): Promise<LoggedIn | Failure | InvalidFields> {
  const { app } = call;
  const key = challengeKey(challenge, "log-in");
  const outcome = await redeemProof(
    call,
    { key, proof },
    (transaction) => lockChallenged(transaction, key),
    async (transaction, { user }, { amr }) => {
      const session = await createSession(transaction, call, { user, amr: ["pwd", ...amr] });
      const deviceToken = trusts ? await trustDevice(transaction, user.id, call) : null;
      return { kind: "entered", user, session, deviceToken } as const;
    },
  );
  if (outcome.kind !== "entered") return outcome;
  const tokens = await signTokenPair(app.tokens.keys, outcome.session, app.tokens.policy);
  return { ...outcome, kind: "logged-in", tokens };
}

async function lockChallenged(transaction: Executor, key: ChallengeKey) {
  const found = await findChallenge(transaction, key);
  const user = found?.userId ? await lockUser(transaction, { userId: found.userId }) : undefined;
  return user ? ({ kind: "locked", user } as const) : failure("challenge_not_valid");
}
