import {
  deleteEvents,
  deleteEventsOfTheGone,
  mayChangeEvents,
  shortenAddresses,
} from "@/db/queries/audit-retention.ts";
import type { Moment } from "@/lib/app/call.ts";
import { EVENT_ADDRESS_KEPT_SECONDS, EVENT_KEPT_SECONDS } from "@/lib/auth/limits/lifetimes.ts";
import { secondsAfter } from "@/lib/base/clock.ts";
import { deleteInBatches } from "@/lib/base/in-batches.ts";

export type PrunedEvents = { kind: "pruned"; deleted: number; shortened: number } | { kind: "append-only" };

/**
 * Keeps the audit trail for half a year, and whole addresses in it for a month.
 *
 * 1. this database account may only add to the trail → left as it is; an account that owns it prunes
 * 2. else → older events deleted, those about deleted accounts too, and older addresses shortened to their network,
 *    batch by batch; any number of processes may do so at once
 */
export async function pruneEvents({ app: { db }, now }: Moment): Promise<PrunedEvents> {
  if (!(await mayChangeEvents(db))) return { kind: "append-only" };
  const keptSince = secondsAfter(now, -EVENT_KEPT_SECONDS);
  const wholeSince = secondsAfter(now, -EVENT_ADDRESS_KEPT_SECONDS);
  const old = await deleteInBatches((limit) => deleteEvents(db, keptSince, limit));
  const orphaned = await deleteInBatches((limit) => deleteEventsOfTheGone(db, limit));
  const shortened = await deleteInBatches((limit) => shortenAddresses(db, wholeSince, limit));
  return { kind: "pruned", deleted: old + orphaned, shortened };
}
