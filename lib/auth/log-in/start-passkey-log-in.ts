import type { Call } from "@/lib/app/call.ts";
import { openPasskeyChallenge } from "@/lib/auth/challenges/open-challenge.ts";
import {
  type PublicKeyCredentialRequestOptionsJSON,
  requestOptions,
  toBeSigned,
} from "@/lib/auth/factors/passkey.ts";
import type { StartedPasskey } from "@/lib/auth/factors/start-passkey.ts";
import { PASSKEY_LIFETIME_SECONDS } from "@/lib/auth/limits/lifetimes.ts";
import { clientNetwork, rateLimit } from "@/lib/auth/limits/rate-limit.ts";
import { type Failure, failure } from "@/lib/contract/errors.ts";

/**
 * What a browser needs to log somebody in with a passkey alone. It names no key, so it tells of nobody.
 *
 * 1. this site is reached by an address, which can have no passkeys → `passkeys_unavailable`
 * 2. too many from this client → `throttled`
 * 3. else → a challenge that any passkey of this site can answer, once, for five minutes
 */
export async function startPasskeyLogIn(
  call: Call,
): Promise<StartedPasskey<PublicKeyCredentialRequestOptionsJSON> | Failure> {
  const { app, device, now } = call;
  const rpId = app.settings.passkeyRpId;
  if (rpId === null) return failure("passkeys_unavailable");
  const client = { limit: "passkeys offered to a client", subject: clientNetwork(device.ip) } as const;
  const tooFast = await rateLimit(call, app.db, client);
  if (tooFast) return tooFast;
  const { secret, row } = await openPasskeyChallenge(app.db, { purpose: "passkey-log-in" }, now);
  const challenge = toBeSigned(call, row);
  if (!challenge) throw new Error("a challenge that ended as it began");
  return {
    kind: "started",
    challenge: secret,
    options: await requestOptions(rpId, { challenge, held: null }),
    expiresInSeconds: PASSKEY_LIFETIME_SECONDS,
  };
}
