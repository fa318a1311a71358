import { replaceWaitingSecret } from "@/db/queries/totp-secrets.ts";
import type { LoggedInCall } from "@/lib/auth/sessions/principal.ts";
import { randomUUID } from "@/lib/base/crypto.ts";
import type { Failure } from "@/lib/contract/errors.ts";
import { lockStrongCaller } from "./lock-strong-caller.ts";
import { requireStrongLogIn } from "./require-strong-log-in.ts";
import { makeTotpSecret, sealTotpSecret, totpUri } from "./totp.ts";

/**
 * Makes a secret for an authenticator app. It counts from its first right code on; until then the one before stays.
 *
 * 1. the last proof of who they are is older than ten minutes, or not by the strong factor that they have →
 *    `recent_login_required`
 * 2. the session has ended by now, or the account is inactive or gone → refused as everywhere
 * 3. else → the secret, in the place of one that still waited for its first code
 */
export async function startTotp(
  call: LoggedInCall,
): Promise<{ kind: "started"; secret: string; uri: string } | Failure> {
  const { app, now } = call;
  const refused = requireStrongLogIn(call);
  if (refused) return refused;
  const secret = makeTotpSecret();
  return app.transaction(async (transaction) => {
    const caller = await lockStrongCaller(transaction, call);
    if (caller.kind === "failure") return caller;
    const place = { id: randomUUID(), userId: caller.user.id };
    await replaceWaitingSecret(transaction, {
      ...place,
      ...sealTotpSecret(app, secret, place),
      createdAt: now,
    });
    return { kind: "started", secret, uri: totpUri(secret, caller.user.email) } as const;
  });
}
