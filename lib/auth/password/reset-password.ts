import { forgetDevicesSince } from "@/db/queries/known-devices.ts";
import { updateUser } from "@/db/queries/users.ts";
import type { Call } from "@/lib/app/call.ts";
import { recordEvent } from "@/lib/audit/record.ts";
import { findLink, redeemLink } from "@/lib/auth/challenges/redeem-link.ts";
import { codesAfterReset } from "@/lib/auth/factors/code-closure.ts";
import { forgetWrongPasswords } from "@/lib/auth/limits/forget-wrong-passwords.ts";
import { NOT_ME_LIFETIME_SECONDS } from "@/lib/auth/limits/lifetimes.ts";
import { notify } from "@/lib/auth/notices/notify.ts";
import { endEverything } from "@/lib/auth/sessions/end-everything.ts";
import { secondsAfter } from "@/lib/base/clock.ts";
import { type Failure, type InvalidFields, invalidFields } from "@/lib/contract/errors.ts";
import { hashNewPassword } from "./hash-new-password.ts";
import { isUnaccepted } from "./is-unaccepted.ts";

const NOT_VALID = invalidFields({ token: ["This link was used, replaced by a newer one, or has expired."] });

/**
 * Sets a new password by the secret of a reset link. Whoever holds it reads the person's mail, no more: the second
 * factor is still asked at the next log-in. It opens no account whose invitation nobody has accepted.
 *
 * 1. the link is unknown, used, superseded or expired, was made for something else, or its account was never accepted →
 *    the field and why
 * 2. a password that the rules refuse → the field and why; the link stays good
 * 3. hashing is busy → `unavailable`; the link stays good
 * 4. else → every session, challenge and trusted device of the person ends, and they are told by mail. Wrong
 *    passwords before it are forgotten, and a hundred wrong codes in a row too; what was first seen within a week is a
 *    new device again. Of simultaneous uses of one link exactly one sets its password
 */
export async function resetPassword(
  call: Call,
  { token, password }: { token: string; password: string },
): Promise<{ kind: "reset" } | Failure | InvalidFields> {
  const { app, device, now } = call;
  const link = await findLink(call, token, "password-reset");
  if (link.kind !== "open") return NOT_VALID;
  const hashed = await hashNewPassword(app, password, link.user);
  if (hashed.kind !== "hashed") return hashed;
  const { passwordHash } = hashed;
  const reset = await redeemLink(
    call,
    link,
    (user) => !isUnaccepted(user),
    async (transaction, user) => {
      const userId = user.id;
      await updateUser(transaction, userId, { passwordHash, ...codesAfterReset(user) });
      await forgetWrongPasswords(transaction, app, user);
      await endEverything(transaction, call, userId, { reason: "password_changed", device });
      await forgetDevicesSince(transaction, userId, secondsAfter(now, -NOT_ME_LIFETIME_SECONDS));
      await recordEvent(transaction, { type: "password.reset", userId, device }, now);
      await notify(transaction, call, user, { kind: "password-changed", at: now });
      return { kind: "reset" } as const;
    },
  );
  return reset ?? NOT_VALID;
}
