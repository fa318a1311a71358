import { type ClaimedMail, claimMail, giveMailUp, markMailSent, postponeMail } from "@/db/queries/outbox.ts";
import { secondsAfter } from "@/lib/base/clock.ts";
import { log } from "@/lib/base/log.ts";
import type { MailApp } from "./mail-deps.ts";
import { unseal } from "./outbox.ts";
import type { Delivery } from "./transports/transport.ts";

/** How long a claim holds: longer than any transport takes, so that no second worker sends the same mail meanwhile. */
const LEASE_SECONDS = 60;

/** Waits between attempts; the last one repeats for as long as the mail is worth sending. */
const BACK_OFF_SECONDS = [5, 30, 120, 600, 3_600];

/**
 * Sends the mail that has been due longest, outside any transaction. Returns whether there was one.
 *
 * 1. expired → given up unsent
 * 2. sealed under another SECRET_KEY → given up
 * 3. accepted → sent
 * 4. refused for good → given up
 * 5. else → again after a back-off, unless it has expired by then
 *
 * A process that dies in between leaves the row to the next claim, which sends under the same id.
 *
 * @param onClaimed called when there is mail, before it is sent
 */
export async function sendNext(app: MailApp, onClaimed: () => void = () => {}): Promise<boolean> {
  const now = app.clock.now();
  const claim = await claimMail(app.db, now, secondsAfter(now, LEASE_SECONDS));
  if (!claim) return false;
  onClaimed();
  const delivery: Delivery =
    claim.expiresAt <= now ? { kind: "refused", error: "expired" } : await hand(app, claim);
  await settle(app, claim, delivery);
  return true;
}

async function hand({ mail }: MailApp, { id, recipient, sealed }: ClaimedMail): Promise<Delivery> {
  const content = sealed && unseal(mail.sealingKey, id, sealed);
  if (!content) return { kind: "refused", error: "unreadable" };
  return mail.transport.send({ ...content, id, to: recipient, from: mail.from });
}

async function settle({ db, clock, mail }: MailApp, claim: ClaimedMail, delivery: Delivery): Promise<void> {
  const now = clock.now();
  if (delivery.kind === "accepted") {
    return markMailSent(db, claim.id, { keepContent: mail.transport.kind === "mailbox" }, now);
  }
  const { id, kind, attempts } = claim;
  const told = { mail: id, kind, attempts, error: delivery.error };
  const next = delivery.kind === "retry" ? nextAttempt(claim, delivery, now) : null;
  if (next === null) {
    log.error(told, "mail given up");
    return giveMailUp(db, claim, delivery.error);
  }
  log.warn(told, "mail postponed");
  await postponeMail(db, claim, delivery.error, next);
}

/** Null when there is no use in another attempt. The provider may ask for a longer wait than ours. */
function nextAttempt({ attempts, expiresAt }: ClaimedMail, delivery: { afterSeconds?: number }, now: Date) {
  const ownSeconds = BACK_OFF_SECONDS[Math.min(attempts, BACK_OFF_SECONDS.length) - 1] ?? 0;
  const next = secondsAfter(now, Math.max(ownSeconds, delivery.afterSeconds ?? 0));
  return next < expiresAt ? next : null;
}
