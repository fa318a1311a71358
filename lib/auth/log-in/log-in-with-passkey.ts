import { type Challenge, consumeChallenge } from "@/db/queries/challenges.ts";
import { findPasskey, type Passkey, takeSignature } from "@/db/queries/passkeys.ts";
import { lockUser } from "@/db/queries/users.ts";
import type { Call } from "@/lib/app/call.ts";
import { challengeKey } from "@/lib/auth/challenges/open-challenge.ts";
import { nobodysPasskey } from "@/lib/auth/factors/nobodys-passkey.ts";
import { namesHandle, type Signed, toBeSigned, verifySigned } from "@/lib/auth/factors/passkey.ts";
import { clientNetwork, rateLimit } from "@/lib/auth/limits/rate-limit.ts";
import { createSession } from "@/lib/auth/sessions/create-session.ts";
import { type Failure, failure } from "@/lib/contract/errors.ts";
import type { SignedCredential } from "@/lib/contract/passkeys.ts";
import { signTokenPair } from "@/lib/tokens/session-tokens.ts";
import type { LoggedIn } from "./log-in.ts";
import { recordFailedLogIn } from "./record-failed-log-in.ts";

/**
 * Logs a person in with a passkey alone, which proves a device and its owner. Nobody's wrong tries close anything to
 * anybody else: they are bounded per client only.
 *
 * 1. too many from this client → `throttled`
 * 2. the challenge is unknown, used or older than five minutes; the passkey is unknown, taken away, was made for
 *    another site, didn't make sure of its owner, doesn't name the person whose it is, or its counter went back; the
 *    person is inactive → `passkey_not_valid`, all alike, and the challenge is used up
 * 3. else → a session with its first token pair; of simultaneous uses of one challenge exactly one gets it
 */
export async function logInWithPasskey(
  call: Call,
  { challenge, credential }: { challenge: string; credential: SignedCredential },
): Promise<LoggedIn | Failure> {
  const { app, device, now } = call;
  const client = { limit: "passkeys tried from a client", subject: clientNetwork(device.ip) } as const;
  const tooFast = await rateLimit(call, app.db, client);
  if (tooFast) return tooFast;
  const asked = await consumeChallenge(app.db, challengeKey(challenge, "passkey-log-in"), now);
  const found = await findPasskey(app.db, Buffer.from(credential.id, "base64url"));
  const named = found?.handle ? namesHandle(credential, found.handle) === true : false;
  const signed = await verify(call, { asked, passkey: found?.passkey, credential });
  const entered = found && named && signed ? await enter(call, found.passkey, signed) : null;
  if (!entered) {
    await recordFailedLogIn(call, named ? found?.passkey.userId : undefined);
    return failure("passkey_not_valid");
  }
  const tokens = await signTokenPair(app.tokens.keys, entered.session, app.tokens.policy);
  return { ...entered, kind: "logged-in", tokens, deviceToken: null };
}

/** The same work whether the challenge was good and the passkey known or not. */
async function verify(
  call: Call,
  tried: { asked: Challenge | undefined; passkey: Passkey | undefined; credential: SignedCredential },
): Promise<Signed | null> {
  const { asked, passkey, credential } = tried;
  const challenge = asked && toBeSigned(call, asked);
  const expected = { challenge: challenge ?? Buffer.alloc(32), userVerified: true };
  const signed = await verifySigned(call.app, passkey ?? nobodysPasskey(credential), credential, expected);
  return challenge && passkey ? signed : null;
}

async function enter(call: Call, { id, userId }: Passkey, signed: Signed) {
  return call.app.transaction(async (transaction) => {
    const user = await lockUser(transaction, { userId });
    if (!user?.emailVerifiedAt) return null;
    if (!(await takeSignature(transaction, id, signed, call.now))) return null;
    return { user, session: await createSession(transaction, call, { user, amr: signed.amr }) };
  });
}
