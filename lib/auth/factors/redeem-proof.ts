import type { Executor } from "@/db/client.ts";
import type { ChallengeKey } from "@/db/queries/challenges.ts";
import type { User } from "@/db/queries/users.ts";
import type { Call } from "@/lib/app/call.ts";
import { type Failure, type InvalidFields, invalidFields } from "@/lib/contract/errors.ts";
import type { Proof } from "@/lib/contract/two-factor.ts";
import { readRecoveryCode, readTypedCode } from "@/lib/contract/typed-code.ts";
import { type Proven, verifyProof } from "./verify-proof.ts";

/** A challenge, and the code from the mail that answers it. */
export type CodeAnswer = { challenge: string; code: string };

const BAD_CODE = {
  email: invalidFields({ code: ["Enter the six digits from the e-mail."] }),
  totp: invalidFields({ code: ["Enter the six digits that your app shows."] }),
  recovery_code: invalidFields({ code: ["Enter the sixteen letters and digits of a recovery code."] }),
};

/** Whoever answers, locked until the transaction ends; `user` is null where there is no account yet. */
type Locked = { kind: "locked"; user: User | null };

/**
 * The one door for what a factor proves: locks whoever answers, verifies the proof, grants what the verb says in the
 * same transaction, and sends the mail that was written.
 *
 * 1. no code of that method, spaces and dashes aside → the field and why; no try is spent
 * 2. `lock` refuses → that; no try is spent
 * 3. closed, unknown, expired, used, exhausted, not offered or wrong → as `verifyProof` says
 * 4. right → what `grant` returns. Of simultaneous right answers exactly one gets there
 */
export async function redeemProof<Lock extends Locked, Granted>(
  call: Call,
  { key, proof }: { key: ChallengeKey; proof: Proof },
  lock: (transaction: Executor) => Promise<Lock | Failure>,
  grant: (transaction: Executor, locked: Lock, proven: Proven) => Promise<Granted>,
): Promise<Granted | Failure | InvalidFields> {
  const read = readCode(proof);
  if ("kind" in read) return read;
  return call.app.transaction(async (transaction) => {
    const locked = await lock(transaction);
    if (locked.kind === "failure") return locked;
    const verified = await verifyProof(transaction, call, { key, proof: read, user: locked.user });
    return verified.kind === "right" ? grant(transaction, locked, verified) : verified;
  });
}

/** The proof with its code as it is compared. */
function readCode(proof: Proof): Proof | InvalidFields {
  if (proof.method === "passkey") return proof;
  const { method } = proof;
  const code = method === "recovery_code" ? readRecoveryCode(proof.code) : readTypedCode(proof.code);
  return code === null ? BAD_CODE[method ?? "email"] : { method, code };
}
