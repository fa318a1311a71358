import { findChallenge, supersedeChallenges } from "@/db/queries/challenges.ts";
import { findUser, findUserByEmail, lockUser, type User } from "@/db/queries/users.ts";
import type { Call } from "@/lib/app/call.ts";
import { recordEvent } from "@/lib/audit/record.ts";
import { challengeKey, openChallenge } from "@/lib/auth/challenges/open-challenge.ts";
import { RESET_LIFETIME_SECONDS } from "@/lib/auth/limits/lifetimes.ts";
import { limitMails } from "@/lib/auth/limits/limit-mails.ts";
import { secondsAfter } from "@/lib/base/clock.ts";
import { NIL_UUID } from "@/lib/base/crypto.ts";
import { parseEmailAddress } from "@/lib/contract/email-address.ts";
import { type Failure, type InvalidFields, invalidFields } from "@/lib/contract/errors.ts";
import { queueMail } from "@/lib/mail/outbox.ts";
import { isUnaccepted } from "./is-unaccepted.ts";

/** What everybody hears who asked, whoever they asked about. */
type Asked = { kind: "asked" };

/** Whom the link is about that nobody gets. No address is spelled like that. */
const NOBODY = "nobody";

/**
 * Mails a link to a new password to whoever owns an address.
 *
 * 1. no address → the field and why
 * 2. too many mails asked for to this address, or by this client → `throttled`, whoever's address it is
 * 3. an address without an account, of an inactive one, or of one that nobody has accepted → `asked`, after the
 *    same work, and no mail
 * 4. else → `asked`; the link in the mail replaces every older one
 *
 * @param input with where the browser that asks is going, so that the link leads it on; it must be that browser's own
 */
export async function forgotPassword(
  call: Call,
  input: { email: string; destinationId?: string | undefined },
): Promise<Asked | Failure | InvalidFields> {
  const { app, device } = call;
  const email = parseEmailAddress(input.email);
  if (!email) return invalidFields({ email: ["Enter a valid email address."] });
  const tooFast = await limitMails(call, app.db, { askedFor: "reset", email, device });
  return tooFast ?? mailResetLink(call, await findUserByEmail(app.db, email), input.destinationId);
}

/**
 * The same by a link that was used, replaced or has expired, so that nobody has to type the address again. It goes to
 * the mailbox of that link's person, so its holder gains and learns nothing.
 *
 * 1. no such link, or one that was forgotten since → `asked`, and no mail
 * 2. too many mails asked for to that person's address, or by this client → `throttled`
 * 3. else → as if that address had been typed
 */
export async function forgotPasswordAgain(
  call: Call,
  { token }: { token: string },
): Promise<Asked | Failure> {
  const { app, device } = call;
  const link = await findChallenge(app.db, challengeKey(token, "password-reset"));
  const user = link?.userId && (await findUser(app.db, link.userId));
  if (!user) return { kind: "asked" };
  const tooFast = await limitMails(call, app.db, { askedFor: "reset", email: user.email, device });
  return tooFast ?? mailResetLink(call, user, link.destinationId ?? undefined);
}

/** Makes and mails the link. For nobody, and for whom no link is, the same statements run and the same mail is made. */
async function mailResetLink(
  { app, device, now }: Call,
  account: User | undefined,
  destinationId: string | undefined,
): Promise<Asked> {
  await app.transaction(async (transaction) => {
    const locked = await lockUser(transaction, { userId: account?.id ?? NIL_UUID });
    const user = locked && !isUnaccepted(locked) ? locked : undefined;
    await supersedeChallenges(transaction, user?.id ?? NIL_UUID, ["password-reset"], now);
    const link = {
      purpose: "password-reset",
      userId: user?.id ?? null,
      pending: user ? undefined : { email: NOBODY },
      destinationId,
      lifetimeSeconds: RESET_LIFETIME_SECONDS,
    } as const;
    const token = await openChallenge(transaction, link, now);
    await recordEvent(transaction, { type: "password.reset_requested", userId: account?.id, device }, now);
    const message = { kind: "reset-link", token, minutes: RESET_LIFETIME_SECONDS / 60 } as const;
    const expiresAt = secondsAfter(now, RESET_LIFETIME_SECONDS);
    await queueMail(
      transaction,
      app.mail,
      { to: user?.email ?? null, userId: user?.id ?? null, message, expiresAt },
      now,
    );
  });
  return { kind: "asked" };
}
