import type { Executor } from "@/db/client.ts";
import {
  deleteTrustedDevice,
  findTrustedDevice,
  insertTrustedDevice,
  listTrustedDevices as listRows,
  rotateTrustedDevice,
} from "@/db/queries/trusted-devices.ts";
import type { Call } from "@/lib/app/call.ts";
import { recordEvent } from "@/lib/audit/record.ts";
import { TRUSTED_DEVICE_LIFETIME_SECONDS } from "@/lib/auth/limits/lifetimes.ts";
import { lockCaller } from "@/lib/auth/sessions/lock-caller.ts";
import type { LoggedInCall } from "@/lib/auth/sessions/principal.ts";
import { secondsAfter } from "@/lib/base/clock.ts";
import { randomToken, randomUUID, sha256 } from "@/lib/base/crypto.ts";
import { describeDevice } from "@/lib/base/describe-device.ts";
import { type Failure, failure } from "@/lib/contract/errors.ts";
import type { PublicTrustedDevice } from "@/lib/contract/two-factor.ts";

const SECRET_BYTES = 32;

/** Lets a device skip the code for 30 days. Returns its secret, which is kept only as a hash. */
export async function trustDevice(
  transaction: Executor,
  userId: string,
  { device, now }: Pick<Call, "device" | "now">,
): Promise<string> {
  const secret = randomToken(SECRET_BYTES);
  await insertTrustedDevice(transaction, {
    id: randomUUID(),
    userId,
    secretHash: sha256(secret),
    createdAt: now,
    lastUsedAt: now,
    expiresAt: secondsAfter(now, TRUSTED_DEVICE_LIFETIME_SECONDS),
    ...device,
  });
  await recordEvent(transaction, { type: "trusted_device.added", userId, device }, now);
  return secret;
}

/** The id of the trusted device that holds `secret` for this person, or null. Nothing is spent. */
export async function recognizeDevice(
  db: Executor,
  userId: string,
  secret: string,
  now: Date,
): Promise<string | null> {
  return (await findTrustedDevice(db, { userId, secretHash: sha256(secret) }, now))?.id ?? null;
}

/** Uses a trusted device in place of the code: returns its next secret, or null where `secret` is not good. */
export async function rotateDeviceSecret(
  transaction: Executor,
  userId: string,
  secret: string,
  { device, now }: Pick<Call, "device" | "now">,
): Promise<string | null> {
  const next = randomToken(SECRET_BYTES);
  const rotation = { userId, from: sha256(secret), to: sha256(next), ...device };
  return (await rotateTrustedDevice(transaction, rotation, now)) ? next : null;
}

/** The caller's trusted devices, the last used first. */
export async function listTrustedDevices({
  app: { db },
  principal: { user },
  now,
}: LoggedInCall): Promise<{ kind: "listed"; devices: PublicTrustedDevice[] }> {
  const rows = await listRows(db, user.id, now);
  const devices = rows.map((row) => ({
    id: row.id,
    created_at: row.createdAt.toISOString(),
    last_used_at: row.lastUsedAt.toISOString(),
    expires_at: row.expiresAt.toISOString(),
    ip: row.ip,
    ...describeDevice(row.userAgent),
  }));
  return { kind: "listed", devices };
}

/** Makes one of the caller's own devices ask for the code again; `not_found` for any other. An ended session can't. */
export async function forgetTrustedDevice(
  call: LoggedInCall,
  id: string,
): Promise<{ kind: "forgotten" } | Failure> {
  const { app, device, now } = call;
  return app.transaction(async (transaction) => {
    const caller = await lockCaller(transaction, call);
    if (caller.kind === "failure") return caller;
    const userId = caller.user.id;
    if (!(await deleteTrustedDevice(transaction, userId, id))) return failure("not_found");
    await recordEvent(transaction, { type: "trusted_device.forgotten", userId, device }, now);
    return { kind: "forgotten" };
  });
}
