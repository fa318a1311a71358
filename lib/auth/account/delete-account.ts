import type { Executor } from "@/db/client.ts";
import { anonymizeEvents } from "@/db/queries/audit-events.ts";
import { mayChangeEvents } from "@/db/queries/audit-retention.ts";
import { deleteEndedProofsOf, listUndoLinks } from "@/db/queries/challenges.ts";
import { deleteGivenUpOf } from "@/db/queries/deliveries.ts";
import { deleteSessionsOf, revokeSessions } from "@/db/queries/end-sessions.ts";
import { deleteDoneMailTo, keepMailToOthers } from "@/db/queries/outbox.ts";
import { deleteUser, isLastAdmin, lockActiveAdmins, type User } from "@/db/queries/users.ts";
import type { Moment } from "@/lib/app/call.ts";
import { recordEvent } from "@/lib/audit/record.ts";
import { notify } from "@/lib/auth/notices/notify.ts";
import { PASSWORD_NOT_RIGHT, verifyOwnPassword } from "@/lib/auth/password/verify-own-password.ts";
import { endNow } from "@/lib/auth/sessions/end-sessions.ts";
import { lockCaller } from "@/lib/auth/sessions/lock-caller.ts";
import type { LoggedInCall } from "@/lib/auth/sessions/principal.ts";
import { requireRecentLogIn } from "@/lib/auth/sessions/require-recent-log-in.ts";
import { type Failure, failure, type InvalidFields } from "@/lib/contract/errors.ts";
import { LAST_ADMIN } from "@/lib/contract/profile.ts";
import { NOTICES } from "@/lib/mail/messages.ts";

/**
 * Deletes the caller's account and everything that is theirs. What stays is one line of the audit trail with their id,
 * and, for other services, for two days which of their sessions ended.
 *
 * 1. the last proof of who they are is older than ten minutes → `recent_login_required`
 * 2. a wrong password, or too many of them → as for a step-up; nothing is deleted
 * 3. the session has ended by now, or the account is gone or inactive → refused as everywhere; of simultaneous calls one deletes, the others get this
 * 4. the password was changed while it was verified → as for a wrong one
 * 5. the last active admin → `permission_denied`; of two simultaneous calls of the last two, one gets this, and so does
 *    who is made an admin at this very moment
 * 6. else → all gone, and a last mail says so to the address and to an earlier one that could still take the account
 *    back, after the notices that wait for earlier addresses. A log-in, refresh or code of the same moment came before, and what it made is gone too, or finds
 *    nobody
 */
export async function deleteAccount(
  call: LoggedInCall,
  password: string,
): Promise<{ kind: "deleted" } | Failure | InvalidFields> {
  const { app, principal, now } = call;
  const refused = requireRecentLogIn(call) ?? (await verifyOwnPassword(call, password));
  if (refused) return refused;
  const { id: userId, passwordHash, role } = principal.user;
  return app.transaction(async (transaction) => {
    const admins = role === "admin" ? await lockActiveAdmins(transaction) : [userId];
    const caller = await lockCaller(transaction, call);
    if (caller.kind === "failure") return caller;
    const { user } = caller;
    if (user.passwordHash !== passwordHash) return PASSWORD_NOT_RIGHT;
    if (user.role === "admin" && isLastAdmin(admins, userId)) return failure("permission_denied", LAST_ADMIN);
    const told = await addressesOf(transaction, user, now);
    await forget(transaction, call, user);
    await sayGoodbye(transaction, call, told);
    return { kind: "deleted" } as const;
  });
}

/** The account's address, and the earlier one that holds a link to undo its change. */
async function addressesOf(transaction: Executor, { id, email }: User, now: Date): Promise<string[]> {
  const links = await listUndoLinks(transaction, id, now);
  return [...new Set([email, ...links.flatMap((link) => link.email ?? [])])];
}

/** The mail names nobody, since nobody is left whom it could be about. */
async function sayGoodbye(transaction: Executor, call: Moment, addresses: string[]): Promise<void> {
  for (const email of addresses) {
    await notify(transaction, call, { email }, { kind: "account-deleted", at: call.now });
  }
}

/**
 * The order keeps it from waiting in a circle: whoever holds one of the person's sessions may add a row that names the
 * person, so sessions go while the person's row still allows that. They are ended first, by the statement that every
 * log-out uses, so that both take the rows in the same order. A database account that may only add to the audit trail
 * leaves what it says of the person to the one that prunes it.
 */
async function forget(transaction: Executor, moment: Moment, { id, email }: User): Promise<void> {
  const { now } = moment;
  const end = { ...endNow(moment, "account_deactivated"), told: "account_deleted" } as const;
  await revokeSessions(transaction, { userId: id }, end);
  await deleteSessionsOf(transaction, id);
  await deleteEndedProofsOf(transaction, email, now);
  await deleteDoneMailTo(transaction, email);
  await deleteGivenUpOf(transaction, id);
  await keepMailToOthers(transaction, { userId: id, email }, NOTICES);
  if (await mayChangeEvents(transaction)) await anonymizeEvents(transaction, id);
  await deleteUser(transaction, id);
  await recordEvent(transaction, { type: "user.deleted", userId: id }, now);
}
