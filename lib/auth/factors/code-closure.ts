import type { Executor } from "@/db/client.ts";
import { type User, updateUser } from "@/db/queries/users.ts";
import type { Call } from "@/lib/app/call.ts";
import { recordEvent } from "@/lib/audit/record.ts";
import { WRONG_CODES } from "@/lib/auth/limits/budgets.ts";
import { notify } from "@/lib/auth/notices/notify.ts";
import { secondsAfter } from "@/lib/base/clock.ts";
import { type Failure, throttled } from "@/lib/contract/errors.ts";

/**
 * The failure of every call that would need a code while wrong ones in a row keep code entry closed. After a hundred
 * no time opens it, so the wait that it names begins anew each time.
 */
export function refuseWhileClosed({ wrongCodes, codesClosedUntil }: User, now: Date): Failure | null {
  if (wrongCodes >= WRONG_CODES.untilReset) return throttled(WRONG_CODES.longestClosureSeconds);
  if (!codesClosedUntil || codesClosedUntil <= now) return null;
  return throttled(Math.ceil((codesClosedUntil.getTime() - now.getTime()) / 1000));
}

/** What a right answer makes of the row of wrong ones. */
export const NO_WRONG_CODES = { wrongCodes: 0, codesClosedUntil: null, codesClosedToldAt: null };

/** What a reset of the password changes of code entry: it opens only what nothing else opens. */
export function codesAfterReset({ wrongCodes }: User): Partial<User> {
  return wrongCodes >= WRONG_CODES.untilReset ? NO_WRONG_CODES : {};
}

/**
 * Counts a wrong answer of a person whom the transaction has locked. Each tenth in a row closes code entry, for twice
 * as long as the last; the person is told of the first closure, and of later ones at most once a day.
 */
export async function countWrongCode(
  transaction: Executor,
  { app, device, now }: Call,
  user: User,
): Promise<void> {
  const wrongCodes = user.wrongCodes + 1;
  const event = { type: "code.wrong", userId: user.id, device, data: { in_a_row: wrongCodes } } as const;
  await recordEvent(transaction, event, now);
  if (wrongCodes % WRONG_CODES.perClosure !== 0) {
    await updateUser(transaction, user.id, { wrongCodes });
    return;
  }
  const seconds = closureSeconds(wrongCodes);
  const tells =
    !user.codesClosedToldAt || secondsAfter(user.codesClosedToldAt, WRONG_CODES.noticeEverySeconds) <= now;
  const codesClosedToldAt = tells ? now : user.codesClosedToldAt;
  const codesClosedUntil = secondsAfter(now, seconds);
  await updateUser(transaction, user.id, { wrongCodes, codesClosedUntil, codesClosedToldAt });
  if (!tells) return;
  const minutes = wrongCodes >= WRONG_CODES.untilReset ? null : seconds / 60;
  const message = { kind: "codes-closed", at: now, inARow: wrongCodes, minutes } as const;
  await notify(transaction, { app, now }, user, message);
}

/** How long so many wrong codes in a row close code entry: doubling with each ten, up to a day. */
function closureSeconds(wrongCodes: number): number {
  const { perClosure, firstClosureSeconds, longestClosureSeconds } = WRONG_CODES;
  return Math.min(firstClosureSeconds * 2 ** (wrongCodes / perClosure - 1), longestClosureSeconds);
}
