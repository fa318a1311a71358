import type { Executor } from "@/db/client.ts";
import { endLinksSince, releaseChallenge } from "@/db/queries/challenges.ts";
import { forgetDevicesSince } from "@/db/queries/known-devices.ts";
import { takeAddress, type User, updateUser } from "@/db/queries/users.ts";
import type { Call, Moment } from "@/lib/app/call.ts";
import { recordEvent } from "@/lib/audit/record.ts";
import { maskAddress } from "@/lib/auth/challenges/mask-address.ts";
import { openChallenge } from "@/lib/auth/challenges/open-challenge.ts";
import { findLink, redeemLink } from "@/lib/auth/challenges/redeem-link.ts";
import { forgetFactorsSince } from "@/lib/auth/factors/forget-factors-since.ts";
import { forgetWrongPasswords } from "@/lib/auth/limits/forget-wrong-passwords.ts";
import {
  NOT_ME_LIFETIME_SECONDS,
  RESET_LIFETIME_SECONDS,
  UNDO_EMAIL_CHANGE_LIFETIME_SECONDS,
} from "@/lib/auth/limits/lifetimes.ts";
import { notify } from "@/lib/auth/notices/notify.ts";
import { endEverything } from "@/lib/auth/sessions/end-everything.ts";
import { secondsAfter } from "@/lib/base/clock.ts";
import { type InvalidFields, invalidFields } from "@/lib/contract/errors.ts";
import { durationWords } from "@/lib/contract/number-words.ts";

const NOT_VALID = invalidFields({
  token: [`This link was used, or is older than ${durationWords(UNDO_EMAIL_CHANGE_LIFETIME_SECONDS)}.`],
});
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
 * 3. else → the address is as it was; every session, challenge and trusted device of the person ends; the code at
 *    log-in is on, for this mailbox was just proven; strong factors that were added since the change are gone; what was first seen within a week before the change is a new
 *    device again; they are told, and get the secret that lets them choose a new password now. Of simultaneous uses of
 *    one link exactly one gets it
 *
 * The older address wins: links that would undo later changes end, for they are in mailboxes that may be a thief's;
 * links of earlier changes stay good.
 */
export async function undoEmailChange(
  call: Call,
  secret: string,
): Promise<{ kind: "undone"; email: string; resetToken: string } | InvalidFields> {
  const { app, device, now } = call;
  const link = await findLink(call, secret, "undo-email-change");
  if (link.kind !== "open") return NOT_VALID;
  const { email, createdAt } = link.challenge;
  if (!email) throw new Error("an undo without an address");
  const undone = await redeemLink(
    call,
    link,
    () => true,
    async (transaction, user, taken) => {
      const userId = user.id;
      if (!(await takeAddress(transaction, { userId, email }, now))) {
        await releaseChallenge(transaction, taken.id);
        return TAKEN;
      }
      await endEverything(transaction, call, userId, { reason: "revoked_by_owner", device });
      await forgetWrongPasswords(transaction, app, { email });
      await endLinksSince(transaction, userId, ["undo-email-change"], createdAt, now);
      await forgetDevicesSince(transaction, userId, secondsAfter(createdAt, -NOT_ME_LIFETIME_SECONDS));
      await forgetFactorsSince(transaction, call, { user, since: createdAt });
      const data = { from: maskAddress(user.email), to: maskAddress(email) };
      await recordEvent(transaction, { type: "email.change_undone", userId, device, data }, now);
      await turnCodeOn(transaction, user, call);
      await tellBothAddresses(transaction, call, { user, restored: email });
      const reset = { purpose: "password-reset", userId, lifetimeSeconds: RESET_LIFETIME_SECONDS } as const;
      return { kind: "undone", email, resetToken: await openChallenge(transaction, reset, now) } as const;
    },
  );
  return undone ?? NOT_VALID;
}

async function turnCodeOn(
  transaction: Executor,
  user: User,
  { device, now }: Pick<Call, "device" | "now">,
): Promise<void> {
  if (user.twoFactorEmail) return;
  await updateUser(transaction, user.id, { twoFactorEmail: true });
  const event = { type: "two_factor.changed", userId: user.id, device, data: { email: true } } as const;
  await recordEvent(transaction, event, now);
}

async function tellBothAddresses(
  transaction: Executor,
  call: Moment,
  { user, restored }: { user: User; restored: string },
): Promise<void> {
  const message = { kind: "address-restored", at: call.now, codeTurnedOn: !user.twoFactorEmail } as const;
  await notify(transaction, call, { id: user.id, email: restored }, { ...message, lost: false });
  if (user.email !== restored) await notify(transaction, call, user, { ...message, lost: true });
}
