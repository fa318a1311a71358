import { lockUser } from "@/db/queries/users.ts";
import type { App } from "@/lib/app.ts";
import type { Device } from "@/lib/audit.ts";
import { endEverything } from "./end-everything.ts";

/**
 * Ends every session of a person by the word of an operator or admin, with every pending challenge and trusted
 * device; they may log in again. Returns how many sessions ended.
 */
export async function logOutUser(
  app: App,
  { userId, actorId, device }: { userId: string; actorId?: string; device?: Device },
  now: Date,
): Promise<number> {
  return app.db.transaction(async (transaction) => {
    await lockUser(transaction, { userId });
    return endEverything(transaction, userId, { reason: "revoked_by_admin", actorId, device }, now);
  });
}
