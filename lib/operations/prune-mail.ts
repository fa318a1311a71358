import { deleteDoneMail } from "@/db/queries/outbox.ts";
import type { App } from "@/lib/app/app.ts";
import { DONE_MAIL_KEPT_SECONDS } from "@/lib/auth/limits/lifetimes.ts";
import { secondsAfter } from "@/lib/base/clock.ts";
import { deleteInBatches } from "@/lib/base/in-batches.ts";

/** Deletes mail that was sent or given up and is a week old, and returns how many; it only saves space. */
export async function pruneMail({ db }: Pick<App, "db">, now: Date): Promise<number> {
  const writtenBefore = secondsAfter(now, -DONE_MAIL_KEPT_SECONDS);
  return deleteInBatches((limit) => deleteDoneMail(db, writtenBefore, limit));
}
