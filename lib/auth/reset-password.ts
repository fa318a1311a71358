import { consumeChallenge, findChallenge } from "@/db/queries/challenges.ts";
import { findUser, lockUser, updateUser } from "@/db/queries/users.ts";
import type { App } from "@/lib/app.ts";
import { type Device, recordEvents } from "@/lib/audit.ts";
import { secondsAfter } from "@/lib/clock.ts";
import { type Failure, failure, type InvalidFields, invalidFields } from "@/lib/contract/errors.ts";
import { judgePassword } from "@/lib/judge-password.ts";
import { queueMail } from "@/lib/mail/outbox.ts";
import { endEverything } from "./end-everything.ts";
import { NOTICE_LIFETIME_SECONDS } from "./lifetimes.ts";
import { challengeName } from "./open-challenge.ts";

const NOT_VALID = invalidFields({ token: ["This link was used, replaced by a newer one, or has expired."] });

/**
 * Sets a new password by the secret of a reset link. Whoever holds it reads the person's mail, no more: the second
 * factor is still asked at the next log-in. It proves the address of a person who was invited and never came, too.
 *
 * 1. the link is unknown, used, superseded or expired, or was made for something else → the field and why
 * 2. a password that the rules refuse → the field and why; the link stays good
 * 3. hashing is busy → `unavailable`; the link stays good
 * 4. else → every session, challenge and trusted device of the person ends, and they are told by mail. Of
 *    simultaneous uses of one link exactly one sets its password
 */
export async function resetPassword(
  app: App,
  { token, password }: { token: string; password: string },
  device: Device,
  now: Date,
): Promise<{ kind: "reset" } | Failure | InvalidFields> {
  const name = challengeName(token, "password-reset");
  const found = await findChallenge(app.db, name);
  const userId = found?.userId;
  if (!userId || found.consumedAt || found.expiresAt <= now) return NOT_VALID;
  const person = await findUser(app.db, userId);
  const objections = judgePassword(password, person ?? { email: "", name: "" });
  if (objections.length > 0) return invalidFields({ password: objections });
  const hashed = await app.passwords.hash(password);
  if (hashed.kind === "busy") return failure("unavailable");

  const outcome = await app.db.transaction(async (transaction) => {
    const user = await lockUser(transaction, { userId });
    const taken = user && (await consumeChallenge(transaction, name, now));
    if (!taken) return NOT_VALID;
    const emailVerifiedAt = user.emailVerifiedAt ?? now;
    await updateUser(transaction, userId, { passwordHash: hashed.passwordHash, emailVerifiedAt });
    await endEverything(transaction, userId, { reason: "password_changed", device }, now);
    await recordEvents(transaction, [{ type: "password.reset", userId, device }], now);
    const message = { kind: "password-changed", at: now } as const;
    const mail = { to: user.email, userId, message, expiresAt: secondsAfter(now, NOTICE_LIFETIME_SECONDS) };
    await queueMail(transaction, app.mail, mail, now);
    return { kind: "reset" } as const;
  });
  app.mail.wake();
  return outcome;
}
