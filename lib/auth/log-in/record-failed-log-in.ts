import { insertOrCountEvent } from "@/db/queries/audit-events.ts";
import { mayChangeEvents } from "@/db/queries/audit-retention.ts";
import type { Call } from "@/lib/app/call.ts";
import { recordEvents } from "@/lib/audit/record.ts";
import { clientNetwork } from "@/lib/auth/limits/rate-limit.ts";
import { hmacBytes } from "@/lib/base/crypto.ts";

const MINUTE_MS = 60_000;

/**
 * Records a log-in that failed, at an account or at none, so that no stranger fills the audit trail.
 *
 * 1. this database account may only add to the trail → a row
 * 2. the first of this minute for the account, or for unknown ones, from this client → a row
 * 3. a later one → counted in that row
 */
export async function recordFailedLogIn(
  { app, device, now }: Call,
  userId: string | undefined,
): Promise<void> {
  const type = "login.failed";
  if (!(await mayChangeEvents(app.db))) return recordEvents(app.db, [{ type, userId, device }], now);
  const minute = Math.floor(now.getTime() / MINUTE_MS);
  const id = uuidOf(
    hmacBytes(app.limitHashing, `${type} ${userId ?? "unknown"} ${clientNetwork(device.ip)} ${minute}`),
  );
  const { ip, userAgent } = device;
  await insertOrCountEvent(app.db, { id, type, createdAt: now, userId, ip, userAgent, data: {} });
}

/** A UUID of our own making (RFC 9562 §5.8). */
function uuidOf(digest: Buffer): string {
  const bytes = Buffer.from(digest.subarray(0, 16));
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
