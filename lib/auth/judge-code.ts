import type { Executor } from "@/db/client.ts";
import { type Challenge, type ChallengeName, consumeSpent, spendTry } from "@/db/queries/challenges.ts";
import { type User, updateUser } from "@/db/queries/users.ts";
import type { App } from "@/lib/app.ts";
import { type Device, recordEvents } from "@/lib/audit.ts";
import { secondsAfter } from "@/lib/clock.ts";
import { isCode } from "@/lib/codes.ts";
import { type Failure, failure } from "@/lib/contract/errors.ts";
import { queueMail } from "@/lib/mail/outbox.ts";
import { CODES_CLOSED_SECONDS, NOTICE_LIFETIME_SECONDS, WRONG_CODES_IN_A_ROW } from "./lifetimes.ts";
import { refuseWhileClosed } from "./send-code.ts";

/** `user` is null where there is no account yet: then only the challenge's own tries count. */
export type Guess = { name: ChallengeName; code: string; user: User | null; device: Device };

/**
 * Judges a code in the caller's transaction, which has locked the person: so all guesses on one account, over any
 * number of challenges and processes, are judged one after the other, and a fault that rolls back spends no try.
 *
 * 1. code entry is closed → `throttled`, no try spent
 * 2. the challenge is unknown, expired, used or exhausted → `challenge_not_valid`
 * 3. wrong → a try is spent, and one of the account's ten in a row; the tenth closes code entry and tells the person
 * 4. right → the challenge is used up and the row of wrong ones begins anew
 */
export async function judgeCode(
  transaction: Executor,
  app: App,
  { name, code, user, device }: Guess,
  now: Date,
): Promise<{ kind: "right"; challenge: Challenge } | Failure> {
  const closed = user && refuseWhileClosed(user, now);
  if (closed) return closed;
  const challenge = await spendTry(transaction, name, now);
  if (!challenge?.codeHash || challenge.userId !== (user?.id ?? null)) return failure("challenge_not_valid");
  if (!isCode(app.codeHashing, challenge.id, code, challenge.codeHash)) {
    if (user) await countWrongCode(transaction, app, user, device, now);
    return failure("code_not_valid", undefined, { attempts_left: challenge.triesLeft });
  }
  await consumeSpent(transaction, challenge.id, now);
  if (user) await updateUser(transaction, user.id, { wrongCodes: 0, codesClosedUntil: null });
  return { kind: "right", challenge };
}

async function countWrongCode(
  transaction: Executor,
  app: App,
  user: User,
  device: Device,
  now: Date,
): Promise<void> {
  const wrongCodes = user.codesClosedUntil ? 1 : user.wrongCodes + 1;
  const closes = wrongCodes >= WRONG_CODES_IN_A_ROW;
  const codesClosedUntil = closes ? secondsAfter(now, CODES_CLOSED_SECONDS) : null;
  await updateUser(transaction, user.id, { wrongCodes, codesClosedUntil });
  await recordEvents(
    transaction,
    [{ type: "code.wrong", userId: user.id, device, data: { in_a_row: wrongCodes } }],
    now,
  );
  if (!codesClosedUntil) return;
  const message = { kind: "codes-closed", at: now, minutes: CODES_CLOSED_SECONDS / 60 } as const;
  const mail = {
    to: user.email,
    userId: user.id,
    message,
    expiresAt: secondsAfter(now, NOTICE_LIFETIME_SECONDS),
  };
  await queueMail(transaction, app.mail, mail, now);
}
