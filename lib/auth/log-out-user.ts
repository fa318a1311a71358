import { lockUser } from "@/db/queries/users.ts";
import type { App } from "@/lib/app.ts";
import { type Device, recordEvents } from "@/lib/audit.ts";
import { endEverything } from "./end-everything.ts";

/**
 * Ends every session of a person by the word of an operator or admin, with every pending challenge and trusted
 * device; they may log in again. Returns how many sessions ended.
 */
export async function logOutUser(
  app: App,
  {
    userId,
    actorId,
    device,
    why,
  }: { userId: string; actorId?: string; device?: Device; why?: string | undefined },
  now: Date,
): Promise<number> {
  return app.db.transaction(async (transaction) => {
    await lockUser(transaction, { userId });
    const ending = { reason: "revoked_by_admin", actorId, device, why } as const;
    const count = await endEverything(transaction, userId, ending, now);
    const data = { count, ...(why !== undefined && { why }) };
    await recordEvents(transaction, [{ type: "user.logged_out", userId, actorId, device, data }], now);
    return count;
  });
}
