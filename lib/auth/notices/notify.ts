import type { Executor } from "@/db/client.ts";
import type { Moment } from "@/lib/app/call.ts";
import { NOTICE_LIFETIME_SECONDS } from "@/lib/auth/limits/lifetimes.ts";
import { secondsAfter } from "@/lib/base/clock.ts";
import type { Message } from "@/lib/mail/messages.ts";
import { queueMail } from "@/lib/mail/outbox.ts";

/**
 * Tells a person by mail what happened on their account, in the transaction in which it happens: neither is without the
 * other. It is sent for a week.
 *
 * @param whom the address that is told, and whose account it is about; no `id` where the account is gone
 */
export async function notify(
  transaction: Executor,
  { app, now }: Moment,
  { id, email }: { id?: string; email: string },
  message: Message,
): Promise<void> {
  const mail = {
    to: email,
    userId: id ?? null,
    message,
    expiresAt: secondsAfter(now, NOTICE_LIFETIME_SECONDS),
  };
  await queueMail(transaction, app.mail, mail, now);
}
