import type { Executor } from "@/db/client.ts";
import {
  deleteTrustedDevice,
  findTrustedDevice,
  insertTrustedDevice,
  listTrustedDevices as listRows,
  rotateTrustedDevice,
} from "@/db/queries/trusted-devices.ts";
import type { App } from "@/lib/app.ts";
import type { Device } from "@/lib/audit.ts";
import { secondsAfter } from "@/lib/clock.ts";
import { type Failure, failure } from "@/lib/contract/errors.ts";
import type { PublicTrustedDevice } from "@/lib/contract/two-factor.ts";
import { randomToken, randomUUID, sha256 } from "@/lib/crypto.ts";
import { describeDevice } from "@/lib/describe-device.ts";
import { TRUSTED_DEVICE_LIFETIME_SECONDS } from "./lifetimes.ts";
import type { Principal } from "./principal.ts";

const SECRET_BYTES = 32;

/** Lets a device skip the code for 30 days. Returns its secret, which is kept only as a hash. */
export async function trustDevice(
  transaction: Executor,
  userId: string,
  device: Device,
  now: Date,
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
  device: Device,
  now: Date,
): Promise<string | null> {
  const next = randomToken(SECRET_BYTES);
  const turn = { userId, from: sha256(secret), to: sha256(next), ...device };
  return (await rotateTrustedDevice(transaction, turn, now)) ? next : null;
}

/** The caller's trusted devices, the last used first. */
export async function listTrustedDevices(
  { db }: App,
  { user }: Principal,
  now: Date,
): Promise<{ kind: "listed"; devices: PublicTrustedDevice[] }> {
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

/** Makes one of the caller's own devices ask for the code again; `not_found` for any other. */
export async function forgetTrustedDevice(
  { db }: App,
  { user }: Principal,
  id: string,
): Promise<{ kind: "forgotten" } | Failure> {
  return (await deleteTrustedDevice(db, user.id, id)) ? { kind: "forgotten" } : failure("not_found");
}
