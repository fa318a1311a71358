import { findChallenge, supersedeChallenges } from "@/db/queries/challenges.ts";
import { findUser, findUserByEmail, lockUser, type User } from "@/db/queries/users.ts";
import type { App } from "@/lib/app.ts";
import { type Device, recordEvents } from "@/lib/audit.ts";
import { secondsAfter } from "@/lib/clock.ts";
import { parseEmailAddress } from "@/lib/contract/email-address.ts";
import { type Failure, type InvalidFields, invalidFields } from "@/lib/contract/errors.ts";
import { NIL_UUID } from "@/lib/crypto.ts";
import { queueMail } from "@/lib/mail/outbox.ts";
import { RESET_LIFETIME_SECONDS } from "./lifetimes.ts";
import { limitMails } from "./limit-mails.ts";
import { challengeName, openChallenge } from "./open-challenge.ts";

/** What everybody hears who asked, whoever they asked about. */
type Asked = { kind: "asked" };

/** Whom the link is about that nobody gets. No address is spelled like that. */
const NOBODY = "nobody";

/**
 * Mails a link to a new password to whoever owns an address.
 *
 * 1. no address → the field and why
 * 2. too many mails asked for to this address, or by this client → `throttled`, whoever's address it is
 * 3. an address without an account, or of an inactive one → `asked`, after the same work, and no mail
 * 4. else → `asked`; the link in the mail replaces every older one
 */
export async function forgotPassword(
  app: App,
  input: { email: string },
  device: Device,
  now: Date,
): Promise<Asked | Failure | InvalidFields> {
  const email = parseEmailAddress(input.email);
  if (!email) return invalidFields({ email: ["Enter a valid email address."] });
  const tooFast = await limitMails(app, { email, device }, now);
  return tooFast ?? mailResetLink(app, await findUserByEmail(app.db, email), device, now);
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
  app: App,
  { token }: { token: string },
  device: Device,
  now: Date,
): Promise<Asked | Failure> {
  const link = await findChallenge(app.db, challengeName(token, "password-reset"));
  const user = link?.userId && (await findUser(app.db, link.userId));
  if (!user) return { kind: "asked" };
  const tooFast = await limitMails(app, { email: user.email, device }, now);
  return tooFast ?? mailResetLink(app, user, device, now);
}

/** Makes and mails the link. For nobody, and for an inactive person, the same statements run and the same mail is made. */
async function mailResetLink(app: App, account: User | undefined, device: Device, now: Date): Promise<Asked> {
  await app.db.transaction(async (transaction) => {
    const user = await lockUser(transaction, { userId: account?.id ?? NIL_UUID });
    await supersedeChallenges(transaction, user?.id ?? NIL_UUID, "password-reset", now);
    const link = {
      purpose: "password-reset",
      userId: user?.id ?? null,
      pending: user ? undefined : { email: NOBODY },
      lifetimeSeconds: RESET_LIFETIME_SECONDS,
    } as const;
    const token = await openChallenge(transaction, link, now);
    await recordEvents(transaction, [{ type: "password.reset_requested", userId: account?.id, device }], now);
    const url = `${app.settings.APP_URL}/reset-password?token=${token}`;
    const message = { kind: "reset-link", url, minutes: RESET_LIFETIME_SECONDS / 60 } as const;
    const expiresAt = secondsAfter(now, RESET_LIFETIME_SECONDS);
    await queueMail(
      transaction,
      app.mail,
      { to: user?.email ?? null, userId: user?.id ?? null, message, expiresAt },
      now,
    );
  });
  app.mail.wake();
  return { kind: "asked" };
}
