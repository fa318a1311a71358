import { deleteEndedDeliveries } from "@/db/queries/deliveries.ts";
import type { App } from "@/lib/app/app.ts";
import { ENDED_DELIVERY_KEPT_SECONDS } from "@/lib/auth/limits/lifetimes.ts";
import { secondsAfter } from "@/lib/base/clock.ts";
import { deleteInBatches } from "@/lib/base/in-batches.ts";

/** Deletes what applications were told, or were not told for a week, and returns how much; it only saves space. */
export async function pruneDeliveries({ db }: Pick<App, "db">, now: Date): Promise<number> {
  const before = secondsAfter(now, -ENDED_DELIVERY_KEPT_SECONDS);
  return deleteInBatches((limit) => deleteEndedDeliveries(db, before, limit));
}
