import type { Executor } from "@/db/client.ts";
import { noteDevice } from "@/db/queries/known-devices.ts";
import type { User } from "@/db/queries/users.ts";
import type { Call } from "@/lib/app/call.ts";
import { openChallenge } from "@/lib/auth/challenges/open-challenge.ts";
import { DAY_SECONDS, NOT_ME_LIFETIME_SECONDS } from "@/lib/auth/limits/lifetimes.ts";
import { rateLimit } from "@/lib/auth/limits/rate-limit.ts";
import { secondsAfter } from "@/lib/base/clock.ts";
import { nameDevice } from "@/lib/base/describe-device.ts";
import { queueMail } from "@/lib/mail/outbox.ts";

/**
 * Tells a person by mail of a log-in from a kind of device they had not used before, with a link for the case that it
 * wasn't them, good while the address it goes to is theirs. Their very first log-in is no news. After ten such mails in
 * an hour no link and no mail is made: then only the log-in itself is on record.
 */
export async function announceNewDevice(transaction: Executor, call: Call, user: User): Promise<void> {
  const { app, device, now } = call;
  const family = nameDevice(device.userAgent);
  if (!(await noteDevice(transaction, user.id, family, now))) return;
  const mails = { limit: "new-device mails to an account", subject: user.id } as const;
  if (await rateLimit(call, transaction, mails)) return;
  const token = await openChallenge(
    transaction,
    {
      purpose: "not-me",
      userId: user.id,
      pending: { email: user.email },
      lifetimeSeconds: NOT_ME_LIFETIME_SECONDS,
    },
    now,
  );
  await queueMail(
    transaction,
    app.mail,
    {
      to: user.email,
      userId: user.id,
      message: {
        kind: "new-device",
        device: family,
        place: device.location ?? null,
        at: now,
        token,
        days: NOT_ME_LIFETIME_SECONDS / DAY_SECONDS,
      },
      expiresAt: secondsAfter(now, NOT_ME_LIFETIME_SECONDS),
    },
    now,
  );
}
