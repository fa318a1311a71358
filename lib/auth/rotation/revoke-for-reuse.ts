import { findUser } from "@/db/queries/users.ts";
import type { Call } from "@/lib/app/call.ts";
import { notify } from "@/lib/auth/notices/notify.ts";
import { endSessions } from "@/lib/auth/sessions/end-sessions.ts";
import type { RefreshClaims } from "@/lib/auth/sessions/read-refresh-token.ts";
import { nameDevice } from "@/lib/base/describe-device.ts";
import { type Failure, tokenNotValid } from "@/lib/contract/errors.ts";

/**
 * A used refresh token came back: somebody has a copy. Ends its session, whoever holds the newest pair, records it
 * once and tells the person by mail (RFC 9700 §4.14.2). The failure is an answer, not an exception, so the revocation
 * is committed.
 */
export async function revokeForReuse(call: Call, claims: RefreshClaims): Promise<Failure> {
  const { app, device, now } = call;
  const { sessionId, userId, generation: rotatedPast } = claims;
  const scope = { sessionId, userId, rotatedPast };
  await app.transaction(async (transaction) => {
    const ended = await endSessions(transaction, call, scope, { reason: "token_reused", device });
    const user = ended > 0 ? await findUser(transaction, userId) : undefined;
    if (!user) return;
    const message = { kind: "token-reused", device: nameDevice(device.userAgent), at: now } as const;
    await notify(transaction, call, user, message);
  });
  return tokenNotValid("blacklisted", "token_reused");
}
