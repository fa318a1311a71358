import type { Executor } from "@/db/client.ts";
import { supersedeChallenges } from "@/db/queries/challenges.ts";
import { deleteFactorsSince } from "@/db/queries/factors.ts";
import { lockAnyUser, updateUser } from "@/db/queries/users.ts";
import type { Moment } from "@/lib/app/call.ts";
import type { Device } from "@/lib/audit/record.ts";
import { hasStrongFactor } from "@/lib/auth/factors/methods.ts";
import { settleFactors } from "@/lib/auth/factors/settle-factors.ts";
import { FACTORS_REMOVED_HOLD_SECONDS } from "@/lib/auth/limits/lifetimes.ts";
import { instant, secondsAfter } from "@/lib/base/clock.ts";

/** Whose factors go and why; who did it and from where, where it is an admin and not the operator. */
export type FactorRemoval = { userId: string; why: string; actorId?: string; device?: Device };

/**
 * Takes every strong factor of somebody away who lost them all, by the word of the operator. Their password and mailbox
 * log them in again; for a day the account can change nothing, and they are told by mail. False where they have none.
 */
export async function removeFactors({ app, now }: Moment, removal: FactorRemoval): Promise<boolean> {
  return app.transaction((transaction) => removeFactorsWithin(transaction, { app, now }, removal));
}

/** The same in the caller's transaction, which has seen to it that `actorId` may do this. */
export async function removeFactorsWithin(
  transaction: Executor,
  call: Moment,
  { userId, why, actorId, device }: FactorRemoval,
): Promise<boolean> {
  const user = await lockAnyUser(transaction, userId);
  if (!user || !hasStrongFactor(user)) return false;
  await deleteFactorsSince(transaction, userId, instant(0));
  await updateUser(transaction, userId, {
    heldUntil: secondsAfter(call.now, FACTORS_REMOVED_HOLD_SECONDS),
  });
  await supersedeChallenges(transaction, userId, ["email-change", "passkey-set-up"], call.now);
  const event = { type: "two_factor.removed", actorId, data: { why } } as const;
  await settleFactors(transaction, { ...call, device }, { user, event, told: "all-removed" });
  return true;
}
