import type { Executor } from "@/db/client.ts";
import { noteDevice } from "@/db/queries/known-devices.ts";
import type { User } from "@/db/queries/users.ts";
import type { App } from "@/lib/app.ts";
import type { Device } from "@/lib/audit.ts";
import { secondsAfter } from "@/lib/clock.ts";
import { nameDevice } from "@/lib/describe-device.ts";
import { queueMail } from "@/lib/mail/outbox.ts";
import { DAY_SECONDS, NOT_ME_LIFETIME_SECONDS } from "./lifetimes.ts";
import { openChallenge } from "./open-challenge.ts";

/**
 * Tells a person by mail of a log-in from a kind of device they had not used before, with a link for the case that it
 * wasn't them. Their very first log-in is no news.
 */
export async function announceNewDevice(
  transaction: Executor,
  app: App,
  user: User,
  device: Device,
  now: Date,
): Promise<void> {
  const family = nameDevice(device.userAgent);
  if (!(await noteDevice(transaction, user.id, family, now))) return;
  const secret = await openChallenge(
    transaction,
    { purpose: "not-me", userId: user.id, lifetimeSeconds: NOT_ME_LIFETIME_SECONDS },
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
        notMeUrl: `${app.settings.APP_URL}/not-me?token=${secret}`,
        days: NOT_ME_LIFETIME_SECONDS / DAY_SECONDS,
      },
      expiresAt: secondsAfter(now, NOT_ME_LIFETIME_SECONDS),
    },
    now,
  );
}
