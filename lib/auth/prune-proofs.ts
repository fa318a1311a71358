import { deleteEndedChallenges } from "@/db/queries/challenges.ts";
import { deleteFullBudgets } from "@/db/queries/rate-limits.ts";
import { deleteExpiredTrustedDevices } from "@/db/queries/trusted-devices.ts";
import type { App } from "@/lib/app.ts";
import { secondsAfter } from "@/lib/clock.ts";
import { deleteInBatches } from "@/lib/in-batches.ts";
import { ENDED_CHALLENGE_KEPT_SECONDS } from "./lifetimes.ts";

/**
 * Deletes challenges that ended a day ago, devices whose trust is over and limits that are whole again, and returns
 * how many challenges. It only saves space: each of them is refused, or forgiven, by its columns.
 */
export async function pruneProofs({ db }: App, now: Date): Promise<number> {
  const endedBefore = secondsAfter(now, -ENDED_CHALLENGE_KEPT_SECONDS);
  await deleteExpiredTrustedDevices(db, now);
  await deleteFullBudgets(db, endedBefore);
  return deleteInBatches((limit) => deleteEndedChallenges(db, endedBefore, limit));
}
