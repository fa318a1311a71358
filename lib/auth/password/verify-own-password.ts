import { lockUser } from "@/db/queries/users.ts";
import { recordEvent } from "@/lib/audit/record.ts";
import { clientNetwork, countPasswordTry, rateLimit } from "@/lib/auth/limits/rate-limit.ts";
import type { LoggedInCall } from "@/lib/auth/sessions/principal.ts";
import { type Failure, failure, type InvalidFields, invalidFields } from "@/lib/contract/errors.ts";

/** What a password that is not the caller's own is told. */
export const PASSWORD_NOT_RIGHT = invalidFields({ password: ["That password is not right."] });

/**
 * Verifies the password of somebody who is logged in; null when it is theirs. Guesses at every call that asks for it
 * draw on one budget, and are counted before they are verified.
 *
 * 1. too many checks of this person or from this client, right ones too, or too many wrong ones → `throttled`
 * 2. hashing is busy → `unavailable`, and the try doesn't count
 * 3. not theirs → the field and why, and it is on record unless the account is gone by then
 * 4. theirs → null, and the wrong ones before it are forgotten
 */
export async function verifyOwnPassword(
  call: LoggedInCall,
  password: string,
): Promise<Failure | InvalidFields | null> {
  const {
    app,
    principal: { user, session },
    device,
    now,
  } = call;
  const client = { limit: "own-password checks from a client", subject: clientNetwork(device.ip) } as const;
  const person = { limit: "own-password checks of a person", subject: user.id } as const;
  const tooFast = (await rateLimit(call, app.db, client)) ?? (await rateLimit(call, app.db, person));
  if (tooFast) return tooFast;
  const wrong = { limit: "wrong own passwords of a person", subject: user.id } as const;
  const counted = await countPasswordTry(call, wrong);
  if (counted.kind === "failure") return counted;
  const { kind } = await app.passwords.verify(password, user.passwordHash);
  if (kind === "mismatch") {
    await app.transaction(async (transaction) => {
      const event = { type: "password.wrong", userId: user.id, sessionId: session.id, device } as const;
      if (await lockUser(transaction, { userId: user.id })) await recordEvent(transaction, event, now);
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
