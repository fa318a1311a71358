import { deactivateUserRow, lockActiveAdmins } from "@/db/queries/users.ts";
import type { App } from "@/lib/app.ts";
import { type Device, recordEvents } from "@/lib/audit.ts";
import { endEverything } from "./end-everything.ts";

export type Deactivation =
  | { kind: "deactivated"; endedSessions: number }
  | { kind: "unchanged" | "last-admin" };

/**
 * Takes a person's access away at once.
 *
 * 1. the last active admin → stays active; of two simultaneous calls for the last two, one gets this answer
 * 2. inactive already, or unknown → nothing changes
 * 3. else → inactive, and every session ended with reason `account_deactivated`, with every challenge and trusted
 *    device; a log-in at the same moment came before, and its session ends too, or finds the person inactive
 */
export async function deactivateUser(
  app: App,
  { userId, actorId, device }: { userId: string; actorId?: string; device?: Device },
  now: Date,
): Promise<Deactivation> {
  return app.db.transaction(async (transaction) => {
    const admins = await lockActiveAdmins(transaction);
    if (admins.length === 1 && admins[0] === userId) return { kind: "last-admin" };
    if (!(await deactivateUserRow(transaction, userId))) return { kind: "unchanged" };
    const ending = { reason: "account_deactivated", actorId, device } as const;
    const endedSessions = await endEverything(transaction, userId, ending, now);
    await recordEvents(transaction, [{ type: "user.deactivated", userId, actorId, device }], now);
    return { kind: "deactivated", endedSessions };
  });
}
