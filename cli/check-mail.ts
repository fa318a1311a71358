import type { Database } from "@/db/client.ts";
import { secretInForce } from "@/lib/app/running-app.ts";
import { NOTICE_LIFETIME_SECONDS } from "@/lib/auth/limits/lifetimes.ts";
import { secondsAfter, systemClock } from "@/lib/base/clock.ts";
import { parseEmailAddress } from "@/lib/contract/email-address.ts";
import { createMailDeps } from "@/lib/mail/mail-deps.ts";
import { queueMail } from "@/lib/mail/outbox.ts";
import { sendTestMail } from "@/lib/mail/send-test-mail.ts";
import type { Settings } from "@/lib/settings/env.ts";

export type Finding = { ok: boolean; detail: string };

/** Says where mail goes, and with an address what the provider answers to a test mail. */
export async function checkMail(
  settings: Settings,
  to: string | undefined,
  db: () => Database,
): Promise<Finding> {
  const { MAIL_TRANSPORT } = settings;
  const kept = MAIL_TRANSPORT === "mailbox";
  const way = kept ? "stays on this machine, at /dev/mailbox" : `goes by ${MAIL_TRANSPORT}`;
  if (to === undefined) return { ok: true, detail: `Mail ${way}; add --mail you@example.com to send one.` };
  const address = parseEmailAddress(to);
  if (!address) return { ok: false, detail: "That is no e-mail address." };
  const mail = createMailDeps(settings, secretInForce(settings));
  if (kept) {
    const now = systemClock.now();
    const expiresAt = secondsAfter(now, NOTICE_LIFETIME_SECONDS);
    await queueMail(db(), mail, { to: address, message: { kind: "test" }, expiresAt }, now);
    return { ok: true, detail: "A test mail is at /dev/mailbox; nothing leaves this machine." };
  }
  const answer = await sendTestMail(mail, address);
  return answer.kind === "accepted"
    ? { ok: true, detail: `The provider accepted a test mail (${MAIL_TRANSPORT}).` }
    : { ok: false, detail: `The provider did not take a test mail: ${answer.error}.` };
}
