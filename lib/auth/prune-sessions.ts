import { deleteEndedSessions } from "@/db/queries/sessions.ts";
import type { App } from "@/lib/app.ts";
import { secondsAfter } from "@/lib/clock.ts";
import { deleteInBatches } from "@/lib/in-batches.ts";
import { ENDED_SESSION_KEPT_SECONDS } from "./lifetimes.ts";

/**
 * Deletes the sessions that ended long enough ago to be asked about no more, and returns how many. It only saves
 * space: an ended session is refused by its columns. Any number of processes may prune at once; each row counts once.
 */
export async function pruneSessions(app: App, now: Date): Promise<number> {
  const endedBefore = secondsAfter(now, -ENDED_SESSION_KEPT_SECONDS);
  return deleteInBatches((limit) => deleteEndedSessions(app.db, endedBefore, limit));
}
