import { lockUser } from "@/db/queries/users.ts";
import type { App } from "@/lib/app.ts";
import { type Device, recordEvents } from "@/lib/audit.ts";
import { type Failure, failure, type InvalidFields, invalidFields } from "@/lib/contract/errors.ts";
import { countPasswordTry } from "@/lib/rate-limit.ts";
import type { Principal } from "./principal.ts";

/** What a password that is not the caller's own is told. */
export const PASSWORD_NOT_RIGHT = invalidFields({ password: ["That password is not right."] });

/**
 * Judges the password of somebody who is logged in; null when it is theirs. Guesses at every call that asks for it
 * draw on one budget, and are counted before they are judged.
 *
 * 1. too many wrong ones → `throttled`
 * 2. hashing is busy → `unavailable`, and the try doesn't count
 * 3. not theirs → the field and why, and it is on record unless the account is gone by then
 * 4. theirs → null, and the wrong ones before it are forgotten
 */
export async function judgeOwnPassword(
  app: App,
  { user, session }: Principal,
  password: string,
  device: Device,
  now: Date,
): Promise<Failure | InvalidFields | null> {
  const counted = await countPasswordTry(app, { purpose: "step-up of", subject: user.id }, now);
  if (counted.kind === "failure") return counted;
  const { kind } = await app.passwords.verify(password, user.passwordHash);
  if (kind === "mismatch") {
    await app.db.transaction(async (transaction) => {
      const event = { type: "password.wrong", userId: user.id, sessionId: session.id, device } as const;
      if (await lockUser(transaction, { userId: user.id })) await recordEvents(transaction, [event], now);
    });
    return PASSWORD_NOT_RIGHT;
  }
  if (kind === "busy") {
    await counted.takeBack();
    return failure("unavailable");
  }
  await counted.forgive();
  return null;
}
