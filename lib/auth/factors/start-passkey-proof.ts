import { askForPasskey } from "@/db/queries/challenges.ts";
import { listPasskeys } from "@/db/queries/passkeys.ts";
import type { Moment } from "@/lib/app/call.ts";
import { challengeKey } from "@/lib/auth/challenges/open-challenge.ts";
import { type Failure, failure, type InvalidFields, invalidFields } from "@/lib/contract/errors.ts";
import { type PublicKeyCredentialRequestOptionsJSON, requestOptions, toBeSigned } from "./passkey.ts";

const NO_PASSKEY = invalidFields({ challenge: ["No passkey can answer this."] });

/**
 * What a browser needs to answer a log-in or step-up with a passkey.
 *
 * 1. the challenge is unknown, expired, used or exhausted, or another session's step-up → `challenge_not_valid`
 * 2. the person has no passkey, or this site can have none → the field and why
 * 3. else → their own passkeys, to be used within five minutes; what was asked for before is worth nothing
 *
 * @param sessionId of whoever is logged in, where somebody is
 */
export async function startPasskeyProof(
  call: Moment,
  { secret, sessionId }: { secret: string; sessionId: string | null },
): Promise<{ kind: "asked"; options: PublicKeyCredentialRequestOptionsJSON } | Failure | InvalidFields> {
  const { app, now } = call;
  const stepUp = sessionId === null ? null : { ...challengeKey(secret, "step-up"), sessionId };
  const asked =
    (await askForPasskey(app.db, challengeKey(secret, "log-in"), now)) ??
    (stepUp && (await askForPasskey(app.db, stepUp, now)));
  const challenge = asked && toBeSigned(call, asked);
  if (!asked?.userId || !challenge) return failure("challenge_not_valid");
  const held = await listPasskeys(app.db, asked.userId);
  const rpId = app.settings.passkeyRpId;
  if (held.length === 0 || rpId === null) return NO_PASSKEY;
  return { kind: "asked", options: await requestOptions(rpId, { challenge, held }) };
}
