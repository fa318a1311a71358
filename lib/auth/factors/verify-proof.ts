import type { Executor } from "@/db/client.ts";
import {
  type Challenge,
  type ChallengeKey,
  type ChallengePurpose,
  consumeSpent,
  lockChallenge,
  spendTry,
} from "@/db/queries/challenges.ts";
import { type User, updateUser } from "@/db/queries/users.ts";
import type { Call } from "@/lib/app/call.ts";
import { challengeState } from "@/lib/auth/challenges/challenge-state.ts";
import { forgive, rateLimit } from "@/lib/auth/limits/rate-limit.ts";
import { type Failure, failure, type InvalidFields, invalidFields } from "@/lib/contract/errors.ts";
import type { Method, Proof } from "@/lib/contract/two-factor.ts";
import { countWrongCode, NO_WRONG_CODES, refuseWhileClosed } from "./code-closure.ts";
import { type ChosenProof, compareProof } from "./compare-proof.ts";
import { methodsOf } from "./methods.ts";

/** `user` is null where there is no account yet: then the challenge's own tries count, and the guesses at its address. */
type Attempt = { key: ChallengeKey; proof: Proof; user: User | null };

/** A challenge that was answered rightly; `amr` is what the answer proves (RFC 8176). */
export type Proven = { kind: "right"; challenge: Challenge; amr: readonly string[] };

/**
 * Verifies a proof in the caller's transaction, which has locked the person: so all guesses on one account, over any
 * number of challenges, factors and processes, are verified one after the other, and a fault that rolls back spends no
 * try.
 *
 * 1. code entry is closed → `throttled`, no try spent
 * 2. the challenge is unknown, expired, used or exhausted → `challenge_not_valid`
 * 3. a method that this person is not offered → the field and why, no try spent
 * 4. it would prove a new address at which too many codes were guessed today → `throttled`, not compared
 * 5. wrong → a try is spent, and each tenth in a row on the account closes code entry, for twice as long as the last;
 *    the person is told of the first closure, and of later ones at most once a day
 * 6. right → the challenge is used up and the row of wrong ones begins anew
 */
export async function verifyProof(
  transaction: Executor,
  call: Call,
  { key, proof: given, user }: Attempt,
): Promise<Proven | Failure | InvalidFields> {
  const { app, now } = call;
  const closed = user && refuseWhileClosed(user, now);
  if (closed) return closed;
  const waiting = await lockChallenge(transaction, key);
  const isTheirs = waiting?.userId === (user?.id ?? null) && challengeState(waiting, now) === "open";
  if (!isTheirs) return failure("challenge_not_valid");
  const proof = chooseMethod(given, user && TAKES_ANY.has(key.purpose) ? methodsOf(app, user) : ["email"]);
  if ("kind" in proof) return proof;
  const challenge = await spendTry(transaction, key, now);
  if (!challenge) return failure("challenge_not_valid");
  const newAddress =
    challenge.email === null
      ? null
      : ({ limit: "code guesses at a new address", subject: challenge.email.toLowerCase() } as const);
  const tooMany = newAddress && (await rateLimit(call, transaction, newAddress));
  if (tooMany) return tooMany;
  const amr = await compareProof(transaction, call, { proof, user, challenge });
  if (!amr) {
    if (user) await countWrongCode(transaction, call, user);
    const code = proof.method === "passkey" ? "passkey_not_valid" : "code_not_valid";
    return failure(code, undefined, { attempts_left: challenge.triesLeft });
  }
  await consumeSpent(transaction, challenge.id, now);
  if (newAddress) await forgive(app, transaction, newAddress);
  if (user) await updateUser(transaction, user.id, NO_WRONG_CODES);
  return { kind: "right", challenge, amr };
}

/** What is proven by any factor; everything else is a mailbox's matter. */
const TAKES_ANY: ReadonlySet<ChallengePurpose> = new Set(["log-in", "step-up"]);

/** The proof by the method that it is for: the one named, or the first of these that is offered. */
function chooseMethod(proof: Proof, offered: readonly Method[]): ChosenProof | InvalidFields {
  const method = proof.method ?? (offered.includes("email") ? "email" : "totp");
  if (!offered.includes(method))
    return invalidFields({ method: [`This can be answered by ${offered.join(", ") || "nothing"}.`] });
  return proof.method === "passkey"
    ? proof
    : { code: proof.code, method: method as Exclude<Method, "passkey"> };
}
