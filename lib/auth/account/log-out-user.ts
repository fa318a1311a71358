import type { Executor } from "@/db/client.ts";
import { lockUser } from "@/db/queries/users.ts";
import type { Moment } from "@/lib/app/call.ts";
import { type Device, recordEvent } from "@/lib/audit/record.ts";
import { endEverything } from "@/lib/auth/sessions/end-everything.ts";

/** Whom to log out; who did it, from where and why, where it is an admin and not the operator. */
export type LogOutOfUser = { userId: string; actorId?: string; device?: Device; why?: string | undefined };

/**
 * Ends every session of a person by the word of the operator, with every pending challenge and trusted device; they
 * may log in again. Returns how many sessions ended.
 */
export async function logOutUser(moment: Moment, logOut: LogOutOfUser): Promise<number> {
  return moment.app.transaction((transaction) => logOutUserWithin(transaction, moment, logOut));
}

/** The same in the caller's transaction, which has seen to it that `actorId` may do this. */
export async function logOutUserWithin(
  transaction: Executor,
  moment: Moment,
  { userId, actorId, device, why }: LogOutOfUser,
): Promise<number> {
  await lockUser(transaction, { userId });
  const ending = { reason: "revoked_by_admin", actorId, device, why } as const;
  const count = await endEverything(transaction, moment, userId, ending);
  const data = { count, ...(why !== undefined && { why }) };
  await recordEvent(transaction, { type: "user.logged_out", userId, actorId, device, data }, moment.now);
  return count;
}
