import { type Challenge, findChallenge, lockChallenge, replaceCode } from "@/db/queries/challenges.ts";
import { lockUser } from "@/db/queries/users.ts";
import type { App } from "@/lib/app.ts";
import type { Device } from "@/lib/audit.ts";
import { secondsAfter } from "@/lib/clock.ts";
import { hashCode, makeCode } from "@/lib/codes.ts";
import { type Failure, failure, throttled } from "@/lib/contract/errors.ts";
import { CODE_LIFETIME_SECONDS, RESEND_AFTER_SECONDS } from "./lifetimes.ts";
import { challengeName } from "./open-challenge.ts";
import { type CodePurpose, mailCode, refuseCode, refuseWhileClosed } from "./send-code.ts";

/**
 * Mails a new code for a challenge that waits for one.
 *
 * 1. a challenge for anything else, unknown, expired, used or exhausted → `challenge_not_valid`
 * 2. code entry is closed, the last mail is too fresh, all mails of this challenge are sent, or the account had its
 *    ten mails this hour → `throttled`, no mail
 * 3. else → the older code stops working, spent tries stay spent
 */
export async function resendCode(
  app: App,
  { purpose, ...named }: { secret: string; purpose: CodePurpose; sessionId?: string },
  device: Device,
  now: Date,
): Promise<{ kind: "sent"; expires_in: number; resend_in: number } | Failure> {
  const name = {
    ...challengeName(named.secret, purpose),
    ...(named.sessionId && { sessionId: named.sessionId }),
  };
  const found = await findChallenge(app.db, name);
  if (!found) return failure("challenge_not_valid");

  const { userId } = found;
  const outcome = await app.db.transaction(async (transaction) => {
    const user = userId === null ? null : await lockUser(transaction, { userId });
    const current = await lockChallenge(transaction, name);
    const to = current?.email ?? user?.email;
    if (user === undefined || !current || !to || hasEnded(current, now))
      return failure("challenge_not_valid");
    const closed = user && refuseWhileClosed(user, now);
    const wait = secondsToWait(current, now);
    const refused = closed ?? (wait > 0 ? throttled(wait) : null);
    const limited = refused ?? (await refuseCode(transaction, app, { user, to }, now));
    if (limited) return limited;
    const code = makeCode();
    const renewal = {
      codeHash: hashCode(app.codeHashing, current.id, code),
      sentBefore: secondsAfter(now, -RESEND_AFTER_SECONDS),
      expiresAt: secondsAfter(now, CODE_LIFETIME_SECONDS),
    };
    if (!(await replaceCode(transaction, name, renewal, now))) return failure("challenge_not_valid");
    await mailCode(transaction, app, { to, user, purpose, code, device }, now);
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
