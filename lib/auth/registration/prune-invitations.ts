import { deleteUnacceptedUsers } from "@/db/queries/users.ts";
import type { Moment } from "@/lib/app/call.ts";
import { recordEvents } from "@/lib/audit/record.ts";
import { UNACCEPTED_ACCOUNT_KEPT_SECONDS } from "@/lib/auth/limits/lifetimes.ts";
import { secondsAfter } from "@/lib/base/clock.ts";
import { deleteInBatches } from "@/lib/base/in-batches.ts";

/**
 * Deletes the accounts of people who were invited a month ago and never came, and returns how many: an address that
 * changes hands later finds no role that waits for it. Whoever was invited again within the week stays. Each goes on
 * record as deleted.
 */
export async function pruneInvitations({ app: { db }, now }: Moment): Promise<number> {
  const invitedBefore = secondsAfter(now, -UNACCEPTED_ACCOUNT_KEPT_SECONDS);
  return deleteInBatches((limit) =>
    db.transaction(async (transaction) => {
      const gone = await deleteUnacceptedUsers(transaction, { invitedBefore, limit }, now);
      const events = gone.map((userId) => ({ type: "user.deleted", userId }) as const);
      await recordEvents(transaction, events, now);
      return gone.length;
    }),
  );
}
