import type { Executor } from "@/db/client.ts";
import { deleteTrustedDevice, findDeviceBySpentSecret } from "@/db/queries/trusted-devices.ts";
import type { User } from "@/db/queries/users.ts";
import type { Moment } from "@/lib/app/call.ts";
import { type Device, recordEvent } from "@/lib/audit/record.ts";
import { SPENT_SECRET_SPARED_SECONDS } from "@/lib/auth/limits/lifetimes.ts";
import { clientNetwork } from "@/lib/auth/limits/rate-limit.ts";
import { notify } from "@/lib/auth/notices/notify.ts";
import { secondsAfter } from "@/lib/base/clock.ts";
import { sha256 } from "@/lib/base/crypto.ts";
import { nameDevice } from "@/lib/base/describe-device.ts";

/**
 * A secret that skips no code came with the right password. In the caller's transaction, which has locked the person:
 *
 * 1. it is not the one before a trusted device's present secret → nothing
 * 2. it is, within ten seconds and from the client that used it: two tabs at once → nothing
 * 3. else somebody has a copy → the device is forgotten, whoever holds its present secret; recorded, and told by mail
 */
export async function forgetCopiedDevice(
  transaction: Executor,
  { app, now }: Moment,
  { user, secret, device }: { user: User; secret: string; device: Device },
): Promise<void> {
  const copied = await findDeviceBySpentSecret(
    transaction,
    { userId: user.id, secretHash: sha256(secret) },
    now,
  );
  if (!copied) return;
  const sameClient =
    copied.userAgent === device.userAgent && clientNetwork(copied.ip) === clientNetwork(device.ip);
  if (sameClient && now < secondsAfter(copied.lastUsedAt, SPENT_SECRET_SPARED_SECONDS)) return;
  await deleteTrustedDevice(transaction, user.id, copied.id);
  await recordEvent(transaction, { type: "trusted_device.reused", userId: user.id, device }, now);
  const message = { kind: "device-copied", device: nameDevice(device.userAgent), at: now } as const;
  await notify(transaction, { app, now }, user, message);
}
