import type { Executor } from "@/db/client.ts";
import type { Challenge } from "@/db/queries/challenges.ts";
import { findPasskey, takeSignature } from "@/db/queries/passkeys.ts";
import { findTotpSecret, takeTotpStep } from "@/db/queries/totp-secrets.ts";
import type { User } from "@/db/queries/users.ts";
import type { Call } from "@/lib/app/call.ts";
import type { Method, PasskeyProof } from "@/lib/contract/two-factor.ts";
import { EMAIL_CODE, isCode } from "./email-code.ts";
import { namesHandle, toBeSigned, verifySigned } from "./passkey.ts";
import { RECOVERY_AMR, spendRecoveryCode } from "./recovery-codes.ts";
import { matchTotpStep, TOTP_AMR } from "./totp.ts";

/** A proof by the method that it is for. */
export type ChosenProof = PasskeyProof | { method: Exclude<Method, "passkey">; code: string };

/** A challenge whose try was just spent, and who answers it. */
type Compared<Given> = { proof: Given; user: User; challenge: Challenge };

/**
 * What a right proof adds to how a session was proven (RFC 8176); null for a wrong one. Whatever may be used once, a
 * step, a recovery code or a signature, is taken with it.
 */
export async function compareProof(
  transaction: Executor,
  call: Call,
  { proof, user, challenge }: { proof: ChosenProof; user: User | null; challenge: Challenge },
): Promise<readonly string[] | null> {
  const { app, now } = call;
  if (proof.method === "email") {
    const { id, codeHash } = challenge;
    return codeHash && isCode(app.codeHashing, id, proof.code, codeHash) ? EMAIL_CODE.amr : null;
  }
  if (!user) return null;
  switch (proof.method) {
    case "totp": {
      const secret = await findTotpSecret(transaction, user.id, "in use");
      const step = secret && matchTotpStep(app, secret, proof.code, now);
      return secret && step && (await takeTotpStep(transaction, secret.id, step)) ? TOTP_AMR : null;
    }
    case "recovery_code":
      return (await spendRecoveryCode(transaction, call, user, proof.code)) ? RECOVERY_AMR : null;
    case "passkey":
      return compareSigned(transaction, call, { proof, user, challenge });
  }
}

/** The same of a passkey of this person, for the challenge as it stood before this try. */
async function compareSigned(
  transaction: Executor,
  call: Call,
  { proof: { credential }, user, challenge }: Compared<PasskeyProof>,
): Promise<readonly string[] | null> {
  const { app, now } = call;
  const signed = toBeSigned(call, { ...challenge, triesLeft: challenge.triesLeft + 1 });
  const found = await findPasskey(transaction, Buffer.from(credential.id, "base64url"));
  if (!signed || found?.passkey.userId !== user.id) return null;
  if (!found.handle || namesHandle(credential, found.handle) === false) return null;
  const expected = { challenge: signed, userVerified: false };
  const verified = await verifySigned(app, found.passkey, credential, expected);
  if (!verified || !(await takeSignature(transaction, found.passkey.id, verified, now))) return null;
  return verified.amr;
}
