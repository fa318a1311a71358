import { deleteEndedSessions } from "@/db/queries/sessions.ts";
import type { Moment } from "@/lib/app/call.ts";
import { ENDED_SESSION_KEPT_SECONDS } from "@/lib/auth/limits/lifetimes.ts";
import { secondsAfter } from "@/lib/base/clock.ts";
import { deleteInBatches } from "@/lib/base/in-batches.ts";

/**
 * Deletes the sessions that ended long enough ago to be asked about no more, and returns how many. It only saves
 * space: an ended session is refused by its columns. Any number of processes may prune at once; each row counts once.
 */
export async function pruneSessions({ app, now }: Moment): Promise<number> {
  const endedBefore = secondsAfter(now, -ENDED_SESSION_KEPT_SECONDS);
  return deleteInBatches((limit) => deleteEndedSessions(app.db, endedBefore, limit));
}
