import { type Challenge, findChallenge, replaceCode } from "@/db/queries/challenges.ts";
import { lockUser } from "@/db/queries/users.ts";
import type { App } from "@/lib/app.ts";
import type { Device } from "@/lib/audit.ts";
import { secondsAfter } from "@/lib/clock.ts";
import { hashCode, makeCode } from "@/lib/codes.ts";
import { type Failure, failure, throttled } from "@/lib/contract/errors.ts";
import { CODE_LIFETIME_SECONDS, RESEND_AFTER_SECONDS } from "./lifetimes.ts";
import { challengeName } from "./open-challenge.ts";
import { limitCodeMails, mailCode, refuseWhileClosed } from "./send-code.ts";

/**
 * Mails a new code for a log-in that waits for one.
 *
 * 1. a challenge for anything else, unknown, expired, used or exhausted → `challenge_not_valid`
 * 2. code entry is closed, the last mail is too fresh, all mails of this challenge are sent, or the account had its
 *    ten mails this hour → `throttled`, no mail
 * 3. else → the older code stops working, spent tries stay spent
 */
export async function resendCode(
  app: App,
  secret: string,
  device: Device,
  now: Date,
): Promise<{ kind: "sent"; expires_in: number; resend_in: number } | Failure> {
  const name = challengeName(secret, "log-in");
  const found = await findChallenge(app.db, name);
  if (!found?.userId) return failure("challenge_not_valid");

  const { userId } = found;
  const outcome = await app.db.transaction(async (transaction) => {
    const user = await lockUser(transaction, { userId });
    const current = user && (await findChallenge(transaction, name));
    if (!user || !current || hasEnded(current, now)) return failure("challenge_not_valid");
    const wait = secondsToWait(current, now);
    const refused = refuseWhileClosed(user, now) ?? (wait > 0 ? throttled(wait) : null);
    const limited = refused ?? (await limitCodeMails(transaction, app, user, now));
    if (limited) return limited;
    const code = makeCode();
    const renewal = {
      codeHash: hashCode(app.codeHashing, current.id, code),
      sentBefore: secondsAfter(now, -RESEND_AFTER_SECONDS),
      expiresAt: secondsAfter(now, CODE_LIFETIME_SECONDS),
    };
    if (!(await replaceCode(transaction, name, renewal, now))) return failure("challenge_not_valid");
    await mailCode(transaction, app, { user, purpose: "log-in", code, device }, now);
    return { kind: "sent", expires_in: CODE_LIFETIME_SECONDS, resend_in: RESEND_AFTER_SECONDS } as const;
  });
  app.mail.wake();
  return outcome;
}

function hasEnded(challenge: Challenge, now: Date): boolean {
  return challenge.consumedAt !== null || challenge.expiresAt <= now || challenge.triesLeft === 0;
}

/** Until the cool-down is over; once every mail is sent, until the challenge ends. */
function secondsToWait(challenge: Challenge, now: Date): number {
  const until =
    challenge.sendsLeft > 0 ? secondsAfter(challenge.sentAt, RESEND_AFTER_SECONDS) : challenge.expiresAt;
  return Math.ceil((until.getTime() - now.getTime()) / 1000);
}
