import type { Executor } from "@/db/client.ts";
import { endChallenges, endLinksSince, listUndoLinks } from "@/db/queries/challenges.ts";
import { deleteTrustedDevices } from "@/db/queries/trusted-devices.ts";
import { takeAddress, type User } from "@/db/queries/users.ts";
import type { Moment } from "@/lib/app/call.ts";
import { recordEvent } from "@/lib/audit/record.ts";
import { maskAddress } from "@/lib/auth/challenges/mask-address.ts";
import { challengeKey, openChallenge } from "@/lib/auth/challenges/open-challenge.ts";
import { type CodeAnswer, redeemProof } from "@/lib/auth/factors/redeem-proof.ts";
import { DAY_SECONDS, UNDO_EMAIL_CHANGE_LIFETIME_SECONDS } from "@/lib/auth/limits/lifetimes.ts";
import { notify } from "@/lib/auth/notices/notify.ts";
import { lockCaller } from "@/lib/auth/sessions/lock-caller.ts";
import type { LoggedInCall, Principal } from "@/lib/auth/sessions/principal.ts";
import { refuseWhileHeld } from "@/lib/auth/sessions/require-recent-log-in.ts";
import { toPublicUser } from "@/lib/auth/sessions/shapes.ts";
import type { PublicUser } from "@/lib/contract/account.ts";
import { type Failure, failure, type InvalidFields } from "@/lib/contract/errors.ts";

/**
 * Completes a change of address with the code from the mail to the new one.
 *
 * 1. not six digits → the field and why; no try is spent
 * 2. the session has ended by now, or the account is inactive or gone → refused as everywhere
 * 3. a challenge that another session started, or that is for something else; unknown, expired, used or exhausted →
 *    `challenge_not_valid`
 * 4. wrong, or code entry is closed → as for a log-in
 * 5. right, but the account is held → `account_held`; or somebody else proved the address meanwhile → `challenge_not_valid`; of simultaneous takers one gets it
 * 6. right → the address is theirs. Sessions stay; trusted devices and everything that was mailed to the old address
 *    end, but for the links that take an account back. Both addresses are told, and the old one can undo it for a week
 *
 * While a change can be undone, the address it led to may be a thief's. Changes from there send no undo link: the
 * oldest address keeps the only one. Going back to that address counts as its undo: that link ends, and so does every
 * undo link and every "This wasn't me" since.
 */
export async function verifyEmailChange(
  call: LoggedInCall,
  { challenge, code }: CodeAnswer,
): Promise<{ kind: "changed"; user: PublicUser } | Failure | InvalidFields> {
  const key = { ...challengeKey(challenge, "email-change"), sessionId: call.principal.session.id };
  return redeemProof(
    call,
    { key, proof: { method: "email", code } },
    (transaction) => lockCaller(transaction, call),
    async (transaction, { user, session }, { challenge: { email } }) => {
      if (!email) throw new Error("a change of address without an address");
      const held = refuseWhileHeld(user, call.now);
      if (held) return held;
      return takeOver(transaction, call, { user, session, email });
    },
  );
}

/** The proven address becomes the person's, unless it is somebody else's by now. */
async function takeOver(
  transaction: Executor,
  call: LoggedInCall,
  { user, session, email }: Principal & { email: string },
): Promise<{ kind: "changed"; user: PublicUser } | Failure> {
  const { device, now } = call;
  const userId = user.id;
  const changed = await takeAddress(transaction, { userId, email }, now);
  if (!changed) return failure("challenge_not_valid");
  await endChallenges(transaction, userId, ["not-me", "undo-email-change"], now);
  await deleteTrustedDevices(transaction, userId);
  const data = { from: maskAddress(user.email), to: maskAddress(email) };
  const event = { type: "email.changed" as const, userId, sessionId: session.id, device, data };
  await recordEvent(transaction, event, now);
  const provisional = await settleUndoes(transaction, changed, now);
  await tellBothAddresses(transaction, call, { from: user, to: changed, provisional });
  return { kind: "changed", user: toPublicUser(changed) };
}

/** Whether the change began at an address that was itself provisional. Ends what a way back to the older one settles. */
async function settleUndoes(transaction: Executor, { id, email }: User, now: Date): Promise<boolean> {
  const links = await listUndoLinks(transaction, id, now);
  const undone = links.find((link) => link.email?.toLowerCase() === email.toLowerCase());
  if (undone) {
    await endLinksSince(transaction, id, ["undo-email-change", "not-me"], undone.createdAt, now);
  }
  return links.length > 0;
}

/** The old address gets the way back, unless it is provisional; the new one must not learn that way. */
async function tellBothAddresses(
  transaction: Executor,
  call: Moment,
  { from, to, provisional }: { from: User; to: User; provisional: boolean },
): Promise<void> {
  const token = provisional ? undefined : await openUndo(transaction, call, from);
  const days = UNDO_EMAIL_CHANGE_LIFETIME_SECONDS / DAY_SECONDS;
  const message = { kind: "address-changed", days } as const;
  await notify(transaction, call, from, { ...message, left: true, token });
  await notify(transaction, call, to, { ...message, left: false });
}

/** The way back names the address that it was mailed to, and restores that one. */
function openUndo(transaction: Executor, { now }: Moment, from: User): Promise<string> {
  return openChallenge(
    transaction,
    {
      purpose: "undo-email-change",
      userId: from.id,
      pending: { email: from.email },
      lifetimeSeconds: UNDO_EMAIL_CHANGE_LIFETIME_SECONDS,
    },
    now,
  );
}
