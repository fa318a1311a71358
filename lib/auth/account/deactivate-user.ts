import { deactivateUserRow, isLastAdmin, lockActiveAdmins } from "@/db/queries/users.ts";
import type { Moment } from "@/lib/app/call.ts";
import { type Device, recordEvent } from "@/lib/audit/record.ts";
import { endEverything } from "@/lib/auth/sessions/end-everything.ts";

export type Deactivation =
  | { kind: "deactivated"; endedSessions: number }
  | { kind: "unchanged" | "last-admin" };

/**
 * Takes a person's access away at once.
 *
 * 1. the last active admin → stays active; of two simultaneous calls for the last two, one gets this answer
 * 2. inactive already, or unknown → nothing changes
 * 3. else → inactive, and every session ended with reason `account_deactivated`, with every challenge, link and
 *    trusted device, and every open invitation that they sent; a log-in at the same moment came before, and its session ends too, or finds the person inactive
 */
export async function deactivateUser(
  moment: Moment,
  { userId, actorId, device }: { userId: string; actorId?: string; device?: Device },
): Promise<Deactivation> {
  const { app, now } = moment;
  return app.transaction(async (transaction) => {
    const admins = await lockActiveAdmins(transaction);
    if (isLastAdmin(admins, userId)) return { kind: "last-admin" };
    if (!(await deactivateUserRow(transaction, userId))) return { kind: "unchanged" };
    const ending = { reason: "account_deactivated", actorId, device } as const;
    const endedSessions = await endEverything(transaction, moment, userId, ending);
    await recordEvent(transaction, { type: "user.deactivated", userId, actorId, device }, now);
    return { kind: "deactivated", endedSessions };
  });
}
