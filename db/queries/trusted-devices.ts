import { and, desc, eq, gt, sql } from "drizzle-orm";
import type { Executor } from "../client.ts";
import { trustedDevices } from "../schema.ts";

export type TrustedDevice = typeof trustedDevices.$inferSelect;

export async function insertTrustedDevice(
  db: Executor,
  device: typeof trustedDevices.$inferInsert,
): Promise<TrustedDevice> {
  const [row] = await db.insert(trustedDevices).values(device).returning();
  if (!row) throw new Error("an insert without conflict clause returned no row");
  return row;
}

/** The trusted device of this person with this secret, if it still counts. */
export async function findTrustedDevice(
  db: Executor,
  { userId, secretHash }: { userId: string; secretHash: Buffer },
  now: Date,
): Promise<TrustedDevice | undefined> {
  const [row] = await db
    .select()
    .from(trustedDevices)
    .where(
      and(
        eq(trustedDevices.userId, userId),
        eq(trustedDevices.secretHash, secretHash),
        gt(trustedDevices.expiresAt, now),
      ),
    );
  return row;
}

/** The trusted device of this person whose secret before the present one this was, if the device still counts. */
export async function findDeviceBySpentSecret(
  db: Executor,
  { userId, secretHash }: { userId: string; secretHash: Buffer },
  now: Date,
): Promise<TrustedDevice | undefined> {
  const [row] = await db
    .select()
    .from(trustedDevices)
    .where(
      and(
        eq(trustedDevices.userId, userId),
        eq(trustedDevices.spentSecretHash, secretHash),
        gt(trustedDevices.expiresAt, now),
      ),
    );
  return row;
}

/**
 * Uses a trusted device once: its secret is replaced in the same statement. Guarantee: of simultaneous uses of one
 * secret one gets the row.
 */
export async function rotateTrustedDevice(
  db: Executor,
  rotation: { userId: string; from: Buffer; to: Buffer; ip: string | null; userAgent: string },
  now: Date,
): Promise<TrustedDevice | undefined> {
  const [row] = await db
    .update(trustedDevices)
    .set({
      secretHash: rotation.to,
      spentSecretHash: rotation.from,
      lastUsedAt: now,
      ip: rotation.ip,
      userAgent: rotation.userAgent,
    })
    .where(
      and(
        eq(trustedDevices.userId, rotation.userId),
        eq(trustedDevices.secretHash, rotation.from),
        gt(trustedDevices.expiresAt, now),
      ),
    )
    .returning();
  return row;
}

/** A person's devices that still count, the last used first. */
export async function listTrustedDevices(db: Executor, userId: string, now: Date): Promise<TrustedDevice[]> {
  return db
    .select()
    .from(trustedDevices)
    .where(and(eq(trustedDevices.userId, userId), gt(trustedDevices.expiresAt, now)))
    .orderBy(desc(trustedDevices.lastUsedAt), desc(trustedDevices.id))
    .limit(100);
}

/** Forgets one of a person's own devices; false when there is none of that id. */
export async function deleteTrustedDevice(db: Executor, userId: string, id: string): Promise<boolean> {
  const gone = await db
    .delete(trustedDevices)
    .where(and(eq(trustedDevices.id, id), eq(trustedDevices.userId, userId)))
    .returning({ id: trustedDevices.id });
  return gone.length > 0;
}

/** Forgets all of a person's devices with one statement. */
export async function deleteTrustedDevices(db: Executor, userId: string): Promise<void> {
  await db.delete(trustedDevices).where(eq(trustedDevices.userId, userId));
}

/** Deletes devices whose time is over. */
export async function deleteExpiredTrustedDevices(db: Executor, now: Date): Promise<void> {
  await db.delete(trustedDevices).where(sql`${trustedDevices.expiresAt} <= ${now.toISOString()}`);
}
