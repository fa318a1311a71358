import { deleteRevocations } from "@/db/queries/revocations.ts";
import type { App } from "@/lib/app/app.ts";
import { REVOCATION_KEPT_SECONDS } from "@/lib/auth/limits/lifetimes.ts";
import { secondsAfter } from "@/lib/base/clock.ts";
import { deleteInBatches } from "@/lib/base/in-batches.ts";

/** Deletes what other services were told of and can't need any more, and returns how much; it only saves space. */
export async function pruneRevocations({ db }: Pick<App, "db">, now: Date): Promise<number> {
  const before = secondsAfter(now, -REVOCATION_KEPT_SECONDS);
  return deleteInBatches((limit) => deleteRevocations(db, before, limit));
}
