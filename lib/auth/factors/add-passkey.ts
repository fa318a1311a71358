import { consumeChallenge } from "@/db/queries/challenges.ts";
import { insertPasskey, type Passkey } from "@/db/queries/passkeys.ts";
import { recordAuthentication } from "@/db/queries/sessions.ts";
import { challengeKey } from "@/lib/auth/challenges/open-challenge.ts";
import { PASSKEYS_PER_PERSON } from "@/lib/auth/limits/lifetimes.ts";
import type { LoggedInCall } from "@/lib/auth/sessions/principal.ts";
import { randomUUID } from "@/lib/base/crypto.ts";
import { type Failure, type InvalidFields, invalidFields } from "@/lib/contract/errors.ts";
import type { MadeCredential, PublicPasskey } from "@/lib/contract/passkeys.ts";
import { lockStrongCaller } from "./lock-strong-caller.ts";
import { toBeSigned, verifyMade } from "./passkey.ts";
import { passkeyAmr } from "./passkey-amr.ts";
import { keeperOf } from "./passkey-keepers.ts";
import { makeFirstRecoveryCodes } from "./recovery-codes.ts";
import { requireStrongLogIn } from "./require-strong-log-in.ts";
import { settleFactors } from "./settle-factors.ts";
import { toPublicPasskey } from "./show-two-factor.ts";

const NOT_TAKEN = invalidFields({
  credential: ["This passkey was not made for here and now. Start again."],
});
const UNNAMED = "Passkey";
/** WebAuthn §7.1 step 25. */
const LONGEST_ID_BYTES = 1023;

export type AddedPasskey = { kind: "added"; passkey: PublicPasskey; recoveryCodes: string[] | null };

/**
 * Takes a passkey that the caller's browser made.
 *
 * 1. as for starting one → `recent_login_required`
 * 2. the session has ended by now, or the account is inactive or gone → refused as everywhere
 * 3. the challenge is unknown, another session's, used or older than five minutes; the passkey was made for another
 *    site or challenge; or somebody has it already → the field and why, and the challenge is used up
 * 4. else → it counts from now on, and this session has proven it. The first strong factor brings recovery codes
 */
export async function addPasskey(
  call: LoggedInCall,
  {
    challenge: secret,
    credential,
    name,
  }: { challenge: string; credential: MadeCredential; name?: string | undefined },
): Promise<AddedPasskey | Failure | InvalidFields> {
  const { app, now } = call;
  const refused = requireStrongLogIn(call);
  if (refused) return refused;
  return app.transaction(async (transaction) => {
    const caller = await lockStrongCaller(transaction, call);
    if (caller.kind === "failure") return caller;
    const { user, session } = caller;
    const asked = { ...challengeKey(secret, "passkey-set-up"), sessionId: session.id };
    const taken = await consumeChallenge(transaction, asked, now);
    const expected = taken && toBeSigned(call, taken);
    const made = expected && (await verifyMade(app, credential, expected));
    if (!made || user.passkeys >= PASSKEYS_PER_PERSON) return NOT_TAKEN;
    if (Buffer.from(made.credential.id, "base64url").length > LONGEST_ID_BYTES) return NOT_TAKEN;
    const passkey = await insertPasskey(transaction, {
      ...columnsOf(made, credential),
      id: randomUUID(),
      userId: user.id,
      name: name ?? keeperOf(made.aaguid) ?? UNNAMED,
      createdAt: now,
    });
    if (!passkey) return NOT_TAKEN;
    await recordAuthentication(transaction, session.id, { amr: passkeyAmr(made), at: now }, now);
    const recoveryCodes = await makeFirstRecoveryCodes(transaction, call, user);
    const event = { type: "passkey.added", sessionId: session.id } as const;
    await settleFactors(transaction, call, { user, event, told: "passkey-added" });
    return { kind: "added", passkey: toPublicPasskey(passkey), recoveryCodes };
  });
}

type Made = NonNullable<Awaited<ReturnType<typeof verifyMade>>>;

function columnsOf(
  made: Made,
  { response }: MadeCredential,
): Omit<Passkey, "id" | "userId" | "name" | "createdAt"> {
  return {
    credentialId: Buffer.from(made.credential.id, "base64url"),
    publicKey: Buffer.from(made.credential.publicKey),
    counter: made.credential.counter,
    transports: response.transports ?? [],
    aaguid: made.aaguid,
    backupEligible: made.credentialDeviceType === "multiDevice",
    backedUp: made.credentialBackedUp,
    lastUsedAt: null,
  };
}
