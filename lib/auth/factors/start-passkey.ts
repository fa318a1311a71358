import { keepPasskeyHandle, listPasskeys } from "@/db/queries/passkeys.ts";
import { openPasskeyChallenge } from "@/lib/auth/challenges/open-challenge.ts";
import { PASSKEY_LIFETIME_SECONDS, PASSKEYS_PER_PERSON } from "@/lib/auth/limits/lifetimes.ts";
import type { LoggedInCall } from "@/lib/auth/sessions/principal.ts";
import { randomSecret } from "@/lib/base/crypto.ts";
import { type Failure, failure, type InvalidFields, invalidFields } from "@/lib/contract/errors.ts";
import { lockStrongCaller } from "./lock-strong-caller.ts";
import { creationOptions, type PublicKeyCredentialCreationOptionsJSON, toBeSigned } from "./passkey.ts";
import { requireStrongLogIn } from "./require-strong-log-in.ts";

const HANDLE_BYTES = 32;
const TOO_MANY = invalidFields({
  non_field_errors: [`You have ${PASSKEYS_PER_PERSON} passkeys. Remove one before you add another.`],
});

export type StartedPasskey<Options> = {
  kind: "started";
  challenge: string;
  options: Options;
  expiresInSeconds: number;
};

/**
 * Begins the making of a passkey for the caller.
 *
 * 1. this site is reached by an address, which can have no passkeys → `passkeys_unavailable`
 * 2. the last proof of who they are is older than ten minutes, or not by the strong factor that they have →
 *    `recent_login_required`
 * 3. the session has ended by now, or the account is inactive or gone → refused as everywhere
 * 4. they have twenty → why not
 * 5. else → what their browser needs, and a challenge that only this session can answer, for five minutes
 */
export async function startPasskey(
  call: LoggedInCall,
): Promise<StartedPasskey<PublicKeyCredentialCreationOptionsJSON> | Failure | InvalidFields> {
  const { app, now } = call;
  const rpId = app.settings.passkeyRpId;
  if (rpId === null) return failure("passkeys_unavailable");
  const refused = requireStrongLogIn(call);
  if (refused) return refused;
  const begun = await app.transaction(async (transaction) => {
    const caller = await lockStrongCaller(transaction, call);
    if (caller.kind === "failure") return caller;
    const { user, session } = caller;
    const held = await listPasskeys(transaction, user.id);
    if (held.length >= PASSKEYS_PER_PERSON) return TOO_MANY;
    const handle = await keepPasskeyHandle(transaction, user.id, randomSecret(HANDLE_BYTES));
    const asked = { purpose: "passkey-set-up", userId: user.id, sessionId: session.id } as const;
    const opened = await openPasskeyChallenge(transaction, asked, now);
    return { kind: "begun", user, held, handle, ...opened } as const;
  });
  if (begun.kind !== "begun") return begun;
  const challenge = toBeSigned(call, begun.row);
  if (!challenge) throw new Error("a challenge that ended as it began");
  return {
    kind: "started",
    challenge: begun.secret,
    options: await creationOptions(rpId, { ...begun, challenge }),
    expiresInSeconds: PASSKEY_LIFETIME_SECONDS,
  };
}
