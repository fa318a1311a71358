import type { Executor } from "@/db/client.ts";
import { lockSession } from "@/db/queries/sessions.ts";
import { lockActiveAdmins, lockAnyUser } from "@/db/queries/users.ts";
import type { LoggedInCall } from "@/lib/auth/sessions/principal.ts";
import { bearerNotValid, type Failure, failure } from "@/lib/contract/errors.ts";
import { endReason } from "./end-reason.ts";
import type { Principal } from "./principal.ts";
import { refuseWhileHeld } from "./require-recent-log-in.ts";

type Locked = { kind: "locked" } & Principal;

/**
 * Locks the caller and their session until the transaction ends, and returns both as they are now. What a session
 * changes about its person begins with this, for a call can wait long, and its session may have been ended meanwhile.
 * Guarantee: an end, a deactivation or a deletion either came before, and is answered as at every call, or comes after
 * and sees what this transaction made. The person is locked first, as everywhere.
 *
 * Logging out needs none of it: whoever held a session may leave, and take every other along.
 */
export async function lockCaller(
  transaction: Executor,
  call: Omit<LoggedInCall, "device">,
): Promise<Locked | Failure> {
  const { principal } = call;
  const user = await lockAnyUser(transaction, principal.user.id);
  const session = user && (await lockSession(transaction, principal.session));
  if (!session) return bearerNotValid("invalid");
  const ended = endReason(call, session, user.isActive);
  if (ended) return bearerNotValid(ended === "expired" ? ended : "blacklisted", ended);
  return { kind: "locked", user, session };
}

/**
 * The same for an admin's act: `permission_denied` to who is none by now. Admins' acts and whatever takes an admin away
 * follow each other, so nobody acts by a role that was taken a moment ago. `admins` are the ids of all who are left.
 */
export async function lockActingAdmin(
  transaction: Executor,
  call: Omit<LoggedInCall, "device">,
): Promise<(Locked & { admins: string[] }) | Failure> {
  const admins = await lockActiveAdmins(transaction);
  const caller = await lockCaller(transaction, call);
  if (caller.kind === "failure") return caller;
  if (!admins.includes(caller.user.id)) return failure("permission_denied");
  return refuseWhileHeld(caller.user, call.now) ?? { ...caller, admins };
}
