import { type Challenge, findChallenge, lockChallenge, replaceCode } from "@/db/queries/challenges.ts";
import { lockUser } from "@/db/queries/users.ts";
import type { Call } from "@/lib/app/call.ts";
import { challengeState } from "@/lib/auth/challenges/challenge-state.ts";
import { challengeKey } from "@/lib/auth/challenges/open-challenge.ts";
import { RESEND_AFTER_SECONDS } from "@/lib/auth/limits/budgets.ts";
import { CODE_LIFETIME_SECONDS } from "@/lib/auth/limits/lifetimes.ts";
import { limitMails } from "@/lib/auth/limits/limit-mails.ts";
import { secondsAfter } from "@/lib/base/clock.ts";
import {
  type Failure,
  failure,
  type InvalidFields,
  invalidFields,
  throttled,
} from "@/lib/contract/errors.ts";
import { refuseWhileClosed } from "./code-closure.ts";
import { hashCode, makeCode } from "./email-code.ts";
import { hasStrongFactor } from "./methods.ts";
import { type CodePurpose, mailCode, refuseCode } from "./send-code.ts";

const NO_MAIL = invalidFields({
  challenge: ["No mail brings this code: use your passkey, app or recovery code."],
});

/**
 * Mails a new code for a challenge that waits for one.
 *
 * 1. a challenge for anything else, unknown, expired, used or exhausted → `challenge_not_valid`
 * 2. the person has a strong factor, so that no mail proves them → the field and why
 * 3. code entry is closed, the last mail is too fresh, all mails of this challenge are sent, the account had its
 *    ten mails this hour, or a new address or this client its own → `throttled`, no mail
 * 4. else → the older code stops working, spent tries stay spent
 */
export async function resendCode(
  call: Call,
  { purpose, ...named }: { secret: string; purpose: CodePurpose; sessionId?: string },
): Promise<{ kind: "sent"; expires_in: number; resend_in: number } | Failure | InvalidFields> {
  const { app, device, now } = call;
  const key = {
    ...challengeKey(named.secret, purpose),
    ...(named.sessionId && { sessionId: named.sessionId }),
  };
  const found = await findChallenge(app.db, key);
  if (!found) return failure("challenge_not_valid");

  const { userId } = found;
  return app.transaction(async (transaction) => {
    const user = userId === null ? null : await lockUser(transaction, { userId });
    const current = await lockChallenge(transaction, key);
    const to = current?.email ?? user?.email;
    if (user === undefined || !current || !to || challengeState(current, now) !== "open")
      return failure("challenge_not_valid");
    const atLogIn = purpose === "log-in" || purpose === "step-up";
    if (user && atLogIn && hasStrongFactor(user)) return NO_MAIL;
    const closed = user && refuseWhileClosed(user, now);
    const wait = secondsToWait(current, now);
    const refused = closed ?? (wait > 0 ? throttled(wait) : null);
    const toNewAddress = current.email && ({ askedFor: "registration", email: to, device } as const);
    const limited =
      refused ??
      (toNewAddress ? await limitMails(call, transaction, toNewAddress) : null) ??
      (await refuseCode(transaction, call, { user, to }));
    if (limited) return limited;
    const code = makeCode();
    const renewal = {
      codeHash: hashCode(app.codeHashing, current.id, code),
      sentBefore: secondsAfter(now, -RESEND_AFTER_SECONDS),
      expiresAt: secondsAfter(now, CODE_LIFETIME_SECONDS),
    };
    if (!(await replaceCode(transaction, key, renewal, now))) return failure("challenge_not_valid");
    await mailCode(transaction, call, { to, user, purpose, code, device });
    return { kind: "sent", expires_in: CODE_LIFETIME_SECONDS, resend_in: RESEND_AFTER_SECONDS } as const;
  });
}

/** Until the cool-down is over; once every mail is sent, until the challenge ends. */
function secondsToWait(challenge: Challenge, now: Date): number {
  const until =
    challenge.sendsLeft > 0 ? secondsAfter(challenge.sentAt, RESEND_AFTER_SECONDS) : challenge.expiresAt;
  return Math.ceil((until.getTime() - now.getTime()) / 1000);
}
