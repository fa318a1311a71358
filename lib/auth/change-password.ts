import { recordAuthentication } from "@/db/queries/sessions.ts";
import { lockUser, updateUser } from "@/db/queries/users.ts";
import type { App } from "@/lib/app.ts";
import { type Device, recordEvents } from "@/lib/audit.ts";
import { secondsAfter } from "@/lib/clock.ts";
import {
  bearerNotValid,
  type Failure,
  failure,
  type InvalidFields,
  invalidFields,
} from "@/lib/contract/errors.ts";
import { judgePassword } from "@/lib/judge-password.ts";
import { queueMail } from "@/lib/mail/outbox.ts";
import { endEverything } from "./end-everything.ts";
import { judgeOwnPassword } from "./judge-own-password.ts";
import { NOTICE_LIFETIME_SECONDS } from "./lifetimes.ts";
import type { Principal } from "./principal.ts";

const NOT_RIGHT = invalidFields({ current_password: ["That password is not right."] });

export type PasswordChange = { currentPassword: string; newPassword: string };
type Changed = { kind: "changed" };

/**
 * Changes the password of a logged-in person. The current password is the proof that it's them, so no recent log-in
 * is asked for besides.
 *
 * 1. a new password that the rules refuse → the field and why; nothing is guessed at, nothing counted
 * 2. too many wrong passwords here and at step-ups → `throttled`
 * 3. hashing is busy → `unavailable`
 * 4. the current password is wrong, or was replaced meanwhile → the field and why
 * 5. the session ended meanwhile → as for every ended one
 * 6. else → every other session, every challenge and trusted device ends, this session stays, and the person is told
 *    by mail. Of simultaneous changes by one current password exactly one is made
 */
export async function changePassword(
  app: App,
  principal: Principal,
  { currentPassword, newPassword }: PasswordChange,
  device: Device,
  now: Date,
): Promise<Changed | Failure | InvalidFields> {
  const objections = judgePassword(newPassword, principal.user);
  if (objections.length > 0) return invalidFields({ new_password: objections });
  const refused = await judgeOwnPassword(app, principal, currentPassword, device, now);
  if (refused) return refused.kind === "invalid-fields" ? NOT_RIGHT : refused;
  const hashed = await app.passwords.hash(newPassword);
  if (hashed.kind === "busy") return failure("unavailable");
  return replacePassword(app, principal, hashed.passwordHash, device, now);
}

async function replacePassword(
  app: App,
  { user: { id: userId, passwordHash }, session: { id: sessionId } }: Principal,
  newPasswordHash: string,
  device: Device,
  now: Date,
): Promise<Changed | Failure | InvalidFields> {
  const outcome = await app.db.transaction(async (transaction) => {
    const user = await lockUser(transaction, { userId, passwordHash: passwordHash ?? "" });
    if (!user) return NOT_RIGHT;
    const live = await recordAuthentication(transaction, sessionId, now);
    if (!live) return bearerNotValid("blacklisted");
    await updateUser(transaction, userId, { passwordHash: newPasswordHash });
    const ending = { reason: "password_changed", device, sparingSessionId: sessionId } as const;
    await endEverything(transaction, userId, ending, now);
    await recordEvents(transaction, [{ type: "password.changed", userId, sessionId, device }], now);
    const message = { kind: "password-changed", at: now } as const;
    const mail = { to: user.email, userId, message, expiresAt: secondsAfter(now, NOTICE_LIFETIME_SECONDS) };
    await queueMail(transaction, app.mail, mail, now);
    return { kind: "changed" } as const;
  });
  app.mail.wake();
  return outcome;
}
