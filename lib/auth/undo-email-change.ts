import type { Executor } from "@/db/client.ts";
import {
  consumeChallenge,
  endLaterUndoLinks,
  findChallenge,
  releaseChallenge,
} from "@/db/queries/challenges.ts";
import { lockUser, takeAddress } from "@/db/queries/users.ts";
import type { App } from "@/lib/app.ts";
import { type Device, recordEvents } from "@/lib/audit.ts";
import { secondsAfter } from "@/lib/clock.ts";
import { type InvalidFields, invalidFields } from "@/lib/contract/errors.ts";
import { queueMail } from "@/lib/mail/outbox.ts";
import { endEverything } from "./end-everything.ts";
import { NOTICE_LIFETIME_SECONDS, RESET_LIFETIME_SECONDS } from "./lifetimes.ts";
import { challengeName, openChallenge } from "./open-challenge.ts";
import { maskAddress } from "./send-code.ts";

const NOT_VALID = invalidFields({ token: ["This link was used, or is older than seven days."] });
const TAKEN = invalidFields({
  token: [
    "Another account has this address now, so nothing was changed. Delete that account, or ask whoever runs this site.",
  ],
});

/**
 * Gives an account back to the address that it had before a change, by the link in the mail to it and without being
 * logged in. Whoever changed the address may be a thief.
 *
 * 1. the link is unknown, used or expired, or was made for something else → the field and why; nothing changes
 * 2. somebody else has the address now → the field and why; nothing changes and the link stays good
 * 3. else → the address is as it was; every session, challenge and trusted device of the person ends; they are told,
 *    and get the secret that lets them choose a new password now. Of simultaneous uses of one link exactly one gets it
 *
 * The older address wins: links that would undo later changes end, for they are in mailboxes that may be a thief's;
 * links of earlier changes stay good.
 */
export async function undoEmailChange(
  app: App,
  secret: string,
  device: Device,
  now: Date,
): Promise<{ kind: "undone"; resetToken: string } | InvalidFields> {
  const name = challengeName(secret, "undo-email-change");
  const found = await findChallenge(app.db, name);
  if (!found?.userId || !found.email) return NOT_VALID;
  const { userId, email, createdAt } = found;
  const outcome = await app.db.transaction(async (transaction) => {
    const user = await lockUser(transaction, { userId });
    const taken = user && (await consumeChallenge(transaction, name, now));
    if (!taken) return NOT_VALID;
    if (!(await takeAddress(transaction, { userId, email }, now))) {
      await releaseChallenge(transaction, taken.id);
      return TAKEN;
    }
    await endEverything(transaction, userId, { reason: "revoked_by_owner", device }, now);
    await endLaterUndoLinks(transaction, userId, createdAt, now);
    const data = { from: maskAddress(user.email), to: maskAddress(email) };
    await recordEvents(transaction, [{ type: "email.change_undone", userId, device, data }], now);
    await tellBothAddresses(transaction, app, { userId, restored: email, lost: user.email }, now);
    const reset = { purpose: "password-reset", userId, lifetimeSeconds: RESET_LIFETIME_SECONDS } as const;
    return { kind: "undone", resetToken: await openChallenge(transaction, reset, now) } as const;
  });
  app.mail.wake();
  return outcome;
}

async function tellBothAddresses(
  transaction: Executor,
  app: App,
  { userId, restored, lost }: { userId: string; restored: string; lost: string },
  now: Date,
): Promise<void> {
  const message = { kind: "address-restored", at: now } as const;
  const mail = { userId, expiresAt: secondsAfter(now, NOTICE_LIFETIME_SECONDS) };
  const told = { ...mail, to: restored, message: { ...message, lost: false } };
  await queueMail(transaction, app.mail, told, now);
  if (lost === restored) return;
  await queueMail(transaction, app.mail, { ...mail, to: lost, message: { ...message, lost: true } }, now);
}
