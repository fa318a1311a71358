import { recordAuthentication } from "@/db/queries/sessions.ts";
import { lockUser, updateUser } from "@/db/queries/users.ts";
import { recordEvent } from "@/lib/audit/record.ts";
import { hasStrongFactor } from "@/lib/auth/factors/methods.ts";
import { notify } from "@/lib/auth/notices/notify.ts";
import { endEverything } from "@/lib/auth/sessions/end-everything.ts";
import type { LoggedInCall } from "@/lib/auth/sessions/principal.ts";
import { refuseWhileHeld } from "@/lib/auth/sessions/require-recent-log-in.ts";
import {
  bearerNotValid,
  type Failure,
  failure,
  type InvalidFields,
  invalidFields,
} from "@/lib/contract/errors.ts";
import { validatePassword } from "@/lib/passwords/rules.ts";
import { verifyOwnPassword } from "./verify-own-password.ts";

const NOT_RIGHT = invalidFields({ current_password: ["That password is not right."] });

export type PasswordChange = { currentPassword: string; newPassword: string };
type Changed = { kind: "changed" };

/**
 * Changes the password of a logged-in person. The current password is the proof that it's them, so no recent log-in
 * is asked for besides.
 *
 * 1. somebody else took the account's factors away today → `account_held`
 * 2. a new password that the rules refuse → the field and why; nothing is guessed at, nothing counted
 * 3. too many wrong passwords here and at step-ups → `throttled`
 * 4. hashing is busy → `unavailable`
 * 5. the current password is wrong, or was replaced meanwhile → the field and why
 * 6. the session ended meanwhile → as for every ended one
 * 7. else → every other session, every challenge and trusted device ends, this session stays, and the person is told
 *    by mail. Of simultaneous changes by one current password exactly one is made. It counts as a log-in of this
 *    moment, unless the person has a strong factor, which it did not prove
 */
export async function changePassword(
  call: LoggedInCall,
  { currentPassword, newPassword }: PasswordChange,
): Promise<Changed | Failure | InvalidFields> {
  const { app, principal } = call;
  const held = refuseWhileHeld(principal.user, call.now);
  if (held) return held;
  const objections = validatePassword(newPassword, principal.user);
  if (objections.length > 0) return invalidFields({ new_password: objections });
  const refused = await verifyOwnPassword(call, currentPassword);
  if (refused) return refused.kind === "invalid-fields" ? NOT_RIGHT : refused;
  const hashed = await app.passwords.hash(newPassword);
  if (hashed.kind === "busy") return failure("unavailable");
  return replacePassword(call, hashed.passwordHash);
}

async function replacePassword(
  call: LoggedInCall,
  newPasswordHash: string,
): Promise<Changed | Failure | InvalidFields> {
  const { app, principal, device, now } = call;
  const { id: userId, passwordHash } = principal.user;
  const sessionId = principal.session.id;
  return app.transaction(async (transaction) => {
    const user = await lockUser(transaction, { userId, passwordHash: passwordHash ?? "" });
    if (!user) return NOT_RIGHT;
    const held = refuseWhileHeld(user, now);
    if (held) return held;
    const at = hasStrongFactor(user) ? undefined : now;
    const live = await recordAuthentication(transaction, sessionId, { amr: ["pwd"], at }, now);
    if (!live) return bearerNotValid("blacklisted");
    await updateUser(transaction, userId, { passwordHash: newPasswordHash });
    const ending = { reason: "password_changed", device, sparingSessionId: sessionId } as const;
    await endEverything(transaction, call, userId, ending);
    await recordEvent(transaction, { type: "password.changed", userId, sessionId, device }, now);
    await notify(transaction, call, user, { kind: "password-changed", at: now });
    return { kind: "changed" } as const;
  });
}
