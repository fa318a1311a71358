import { deleteDoneMail } from "@/db/queries/outbox.ts";
import { secondsAfter } from "@/lib/clock.ts";
import { deleteInBatches } from "@/lib/in-batches.ts";
import type { MailApp } from "./send.ts";

/** Rows of mail that is done with stay a week, to say whether it was sent and what the provider answered. */
const DONE_MAIL_KEPT_SECONDS = 7 * 86_400;
/** Deletes mail that was sent or given up and is a week old, and returns how many; it only saves space. */
export async function pruneMail({ db }: Pick<MailApp, "db">, now: Date): Promise<number> {
  const writtenBefore = secondsAfter(now, -DONE_MAIL_KEPT_SECONDS);
  return deleteInBatches((limit) => deleteDoneMail(db, writtenBefore, limit));
}
