import { findUser } from "@/db/queries/users.ts";
import type { App } from "@/lib/app.ts";
import type { Device } from "@/lib/audit.ts";
import { secondsAfter } from "@/lib/clock.ts";
import { type Failure, tokenNotValid } from "@/lib/contract/errors.ts";
import { nameDevice } from "@/lib/describe-device.ts";
import { queueMail } from "@/lib/mail/outbox.ts";
import { endSessions } from "./end-sessions.ts";
import { NOTICE_LIFETIME_SECONDS } from "./lifetimes.ts";
import type { RefreshClaims } from "./read-refresh-token.ts";

/**
 * A used refresh token came back: somebody has a copy. Ends its session, whoever holds the newest pair, records it
 * once and tells the person by mail (RFC 9700 §4.14.2). The failure is an answer, not an exception, so the revocation
 * is committed.
 */
export async function revokeForReuse(
  app: App,
  claims: RefreshClaims,
  device: Device,
  now: Date,
): Promise<Failure> {
  const scope = { sessionId: claims.sessionId, rotatedPast: claims.generation };
  await app.db.transaction(async (transaction) => {
    const ended = await endSessions(transaction, scope, { reason: "token_reused", device }, now);
    const user = ended > 0 ? await findUser(transaction, claims.userId) : undefined;
    if (!user) return;
    const sessionsUrl = `${app.settings.APP_URL}/account/sessions`;
    const message = {
      kind: "token-reused",
      device: nameDevice(device.userAgent),
      at: now,
      sessionsUrl,
    } as const;
    const mail = {
      to: user.email,
      userId: user.id,
      message,
      expiresAt: secondsAfter(now, NOTICE_LIFETIME_SECONDS),
    };
    await queueMail(transaction, app.mail, mail, now);
  });
  app.mail.wake();
  return tokenNotValid("blacklisted", "token_reused");
}
