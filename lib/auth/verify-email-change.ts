import type { Executor } from "@/db/client.ts";
import { endChallenges } from "@/db/queries/challenges.ts";
import { deleteTrustedDevices } from "@/db/queries/trusted-devices.ts";
import { lockUser, takeAddress, type User } from "@/db/queries/users.ts";
import type { App } from "@/lib/app.ts";
import { type Device, recordEvents } from "@/lib/audit.ts";
import { secondsAfter } from "@/lib/clock.ts";
import { readTypedCode } from "@/lib/codes.ts";
import type { PublicUser } from "@/lib/contract/account.ts";
import { type Failure, failure, type InvalidFields } from "@/lib/contract/errors.ts";
import { queueMail } from "@/lib/mail/outbox.ts";
import { NOT_SIX_DIGITS } from "./answer-challenge.ts";
import { judgeCode } from "./judge-code.ts";
import { DAY_SECONDS, NOTICE_LIFETIME_SECONDS, UNDO_EMAIL_CHANGE_LIFETIME_SECONDS } from "./lifetimes.ts";
import { challengeName, openChallenge } from "./open-challenge.ts";
import type { Principal } from "./principal.ts";
import { toPublicUser } from "./public-shapes.ts";
import { maskAddress } from "./send-code.ts";

/**
 * Completes a change of address with the code from the mail to the new one.
 *
 * 1. not six digits → the field and why; no try is spent
 * 2. a challenge that another session started, or that is for something else; unknown, expired, used or exhausted →
 *    `challenge_not_valid`
 * 3. wrong, or code entry is closed → as for a log-in
 * 4. right, but somebody else proved the address meanwhile → `challenge_not_valid`; of simultaneous takers one gets it
 * 5. right → the address is theirs. Sessions stay; trusted devices and everything that was mailed to the old address
 *    end, but for the links that take an account back. Both addresses are told, and the old one can undo it for a week
 */
export async function verifyEmailChange(
  app: App,
  { user: { id: userId }, session }: Principal,
  answer: { challenge: string; code: string },
  device: Device,
  now: Date,
): Promise<{ kind: "changed"; user: PublicUser } | Failure | InvalidFields> {
  const code = readTypedCode(answer.code);
  if (code === null) return NOT_SIX_DIGITS;
  const name = { ...challengeName(answer.challenge, "email-change"), sessionId: session.id };
  const outcome = await app.db.transaction(async (transaction) => {
    const user = await lockUser(transaction, { userId });
    if (!user) return failure("challenge_not_valid");
    const judged = await judgeCode(transaction, app, { name, code, user, device }, now);
    if (judged.kind === "failure") return judged;
    const email = judged.challenge.email ?? user.email;
    const changed = await takeAddress(transaction, { userId, email }, now);
    if (!changed) return failure("challenge_not_valid");
    await endChallenges(transaction, userId, ["not-me", "undo-email-change"], now);
    await deleteTrustedDevices(transaction, userId);
    const data = { from: maskAddress(user.email), to: maskAddress(email) };
    const event = { type: "email.changed" as const, userId, sessionId: session.id, device, data };
    await recordEvents(transaction, [event], now);
    await tellBothAddresses(transaction, app, { from: user, to: changed }, now);
    return { kind: "changed", user: toPublicUser(changed) } as const;
  });
  app.mail.wake();
  return outcome;
}

/** The old address gets the way back, which names it; the new one must not learn that way. */
async function tellBothAddresses(
  transaction: Executor,
  app: App,
  { from, to }: { from: User; to: User },
  now: Date,
): Promise<void> {
  const secret = await openChallenge(
    transaction,
    {
      purpose: "undo-email-change",
      userId: from.id,
      pending: { email: from.email },
      lifetimeSeconds: UNDO_EMAIL_CHANGE_LIFETIME_SECONDS,
    },
    now,
  );
  const undoUrl = `${app.settings.APP_URL}/undo-email-change?token=${secret}`;
  const days = UNDO_EMAIL_CHANGE_LIFETIME_SECONDS / DAY_SECONDS;
  const message = { kind: "address-changed", days } as const;
  const mail = { userId: from.id, expiresAt: secondsAfter(now, NOTICE_LIFETIME_SECONDS) };
  const toOld = { ...mail, to: from.email, message: { ...message, undoUrl } };
  await queueMail(transaction, app.mail, toOld, now);
  await queueMail(transaction, app.mail, { ...mail, to: to.email, message }, now);
}
