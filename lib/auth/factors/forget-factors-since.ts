import type { Executor } from "@/db/client.ts";
import { deleteFactorsSince } from "@/db/queries/factors.ts";
import { type User, updateUser } from "@/db/queries/users.ts";
import type { Call } from "@/lib/app/call.ts";
import { recordEvent } from "@/lib/audit/record.ts";
import { FACTORS_REMOVED_HOLD_SECONDS } from "@/lib/auth/limits/lifetimes.ts";
import { notify } from "@/lib/auth/notices/notify.ts";
import { secondsAfter } from "@/lib/base/clock.ts";

/**
 * Takes away what an account got of strong factors since it may have been in other hands, in the transaction that gives
 * it back to its owner: a thief's own passkey must not let them in again. What was there before stays. As whoever holds
 * the mailbox could do this to the owner too, it is mailed, and the account is held for a day.
 */
export async function forgetFactorsSince(
  transaction: Executor,
  call: Call,
  { user, since }: { user: User; since: Date },
): Promise<void> {
  const { device, now } = call;
  const { passkeys, totpSince, recoveryCodesLeft } = await deleteFactorsSince(transaction, user.id, since);
  const isWhole =
    passkeys === user.passkeys &&
    totpSince?.getTime() === user.totpSince?.getTime() &&
    recoveryCodesLeft === user.recoveryCodesLeft;
  if (isWhole) return;
  const event = { type: "two_factor.removed", userId: user.id, device } as const;
  await recordEvent(transaction, event, now);
  await updateUser(transaction, user.id, { heldUntil: secondsAfter(now, FACTORS_REMOVED_HOLD_SECONDS) });
  await notify(transaction, call, user, { kind: "factors-changed", at: now, change: "taken-back" });
}
