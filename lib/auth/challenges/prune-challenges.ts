import { deleteEndedChallenges } from "@/db/queries/challenges.ts";
import { deleteEndedDestinations } from "@/db/queries/destinations.ts";
import { deleteFullBudgets } from "@/db/queries/rate-limits.ts";
import { deleteExpiredTrustedDevices } from "@/db/queries/trusted-devices.ts";
import type { Moment } from "@/lib/app/call.ts";
import { ENDED_CHALLENGE_KEPT_SECONDS } from "@/lib/auth/limits/lifetimes.ts";
import { secondsAfter } from "@/lib/base/clock.ts";
import { deleteInBatches } from "@/lib/base/in-batches.ts";

/**
 * Deletes challenges that ended a day ago, destinations that nobody reached, devices whose trust is over and limits that are whole again, and returns
 * how many challenges. It only saves space: each of them is refused, or forgiven, by its columns.
 */
export async function pruneProofs({ app: { db }, now }: Moment): Promise<number> {
  const endedBefore = secondsAfter(now, -ENDED_CHALLENGE_KEPT_SECONDS);
  await deleteExpiredTrustedDevices(db, now);
  await deleteFullBudgets(db, endedBefore);
  await deleteInBatches((limit) => deleteEndedDestinations(db, now, limit));
  return deleteInBatches((limit) => deleteEndedChallenges(db, endedBefore, limit));
}
