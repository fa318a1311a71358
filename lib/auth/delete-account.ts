import type { Executor } from "@/db/client.ts";
import { anonymizeEvents } from "@/db/queries/audit-events.ts";
import { mayChangeEvents } from "@/db/queries/audit-retention.ts";
import { deleteEndedProofsOf } from "@/db/queries/challenges.ts";
import { deleteDoneMailTo } from "@/db/queries/outbox.ts";
import { deleteSessionsOf, revokeSessions } from "@/db/queries/sessions.ts";
import { deleteUser, lockActiveAdmins, lockUser, type User } from "@/db/queries/users.ts";
import type { App } from "@/lib/app.ts";
import { type Device, recordEvents } from "@/lib/audit.ts";
import { bearerNotValid, type Failure, failure, type InvalidFields } from "@/lib/contract/errors.ts";
import { judgeOwnPassword, PASSWORD_NOT_RIGHT } from "./judge-own-password.ts";
import type { Principal } from "./principal.ts";
import { requireRecentLogIn } from "./require-recent-log-in.ts";

const LAST_ADMIN = "You are the last administrator. Make somebody else one before you delete your account.";

/**
 * Deletes the caller's account and everything that is theirs. What stays is one line of the audit trail with their id.
 *
 * 1. the last proof of who they are is older than ten minutes → `recent_login_required`
 * 2. a wrong password, or too many of them → as for a step-up; nothing is deleted
 * 3. the account is gone or inactive by now → refused; of simultaneous calls one deletes, the others get this
 * 4. the password was changed while it was judged → as for a wrong one
 * 5. the last active admin → `permission_denied`; of two simultaneous calls of the last two, one gets this, and so does
 *    who is made an admin at this very moment
 * 6. else → all gone. A log-in, refresh or code of the same moment came before, and what it made is gone too, or finds
 *    nobody
 */
export async function deleteAccount(
  app: App,
  principal: Principal,
  password: string,
  device: Device,
  now: Date,
): Promise<{ kind: "deleted" } | Failure | InvalidFields> {
  const refused =
    requireRecentLogIn(principal, now) ?? (await judgeOwnPassword(app, principal, password, device, now));
  if (refused) return refused;
  const { id: userId, passwordHash, role } = principal.user;
  return app.db.transaction(async (transaction) => {
    const admins = role === "admin" ? await lockActiveAdmins(transaction) : [];
    const user = await lockUser(transaction, { userId });
    if (!user) return bearerNotValid("invalid");
    if (user.passwordHash !== passwordHash) return PASSWORD_NOT_RIGHT;
    const isLast = user.role === "admin" && admins.every((id) => id === userId);
    if (isLast) return failure("permission_denied", LAST_ADMIN);
    await forget(transaction, user, now);
    return { kind: "deleted" };
  });
}

/**
 * The order keeps it from waiting in a circle: whoever holds one of the person's sessions may add a row that names the
 * person, so sessions go while the person's row still allows that. They are ended first, by the statement that every
 * log-out uses, so that both take the rows in the same order. A database account that may only add to the audit trail
 * leaves what it says of the person to the one that prunes it.
 */
async function forget(transaction: Executor, { id, email }: User, now: Date): Promise<void> {
  await revokeSessions(transaction, { userId: id }, "account_deactivated", now);
  await deleteSessionsOf(transaction, id);
  await deleteEndedProofsOf(transaction, email, now);
  await deleteDoneMailTo(transaction, email);
  if (await mayChangeEvents(transaction)) await anonymizeEvents(transaction, id);
  await deleteUser(transaction, id);
  await recordEvents(transaction, [{ type: "user.deleted", userId: id }], now);
}
