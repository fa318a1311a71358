import { and, desc, eq, exists, gte, inArray, lt, ne } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import type { Executor } from "../client.ts";
import { knownDevices } from "../schema.ts";

const KEPT = 100;

/**
 * Notes that a person logged in from this kind of device. True when it is new to them and not their first. Guarantee:
 * of simultaneous log-ins from one new kind, one is told that it is new. Beyond the newest hundred a person's kinds are
 * forgotten, so that made-up ones fill no table.
 */
export async function noteDevice(db: Executor, userId: string, family: string, now: Date): Promise<boolean> {
  const added = await db
    .insert(knownDevices)
    .values({ userId, family, firstSeenAt: now })
    .onConflictDoNothing()
    .returning({ family: knownDevices.family });
  if (added.length === 0) return false;
  const earlier = await db
    .select({ family: knownDevices.family })
    .from(knownDevices)
    .where(and(eq(knownDevices.userId, userId), ne(knownDevices.family, family)))
    .limit(1);
  const overflowing = db
    .select({ family: knownDevices.family })
    .from(knownDevices)
    .where(eq(knownDevices.userId, userId))
    .orderBy(desc(knownDevices.firstSeenAt), desc(knownDevices.family))
    .offset(KEPT);
  await db
    .delete(knownDevices)
    .where(and(eq(knownDevices.userId, userId), inArray(knownDevices.family, overflowing)));
  return earlier.length > 0;
}

/**
 * Forgets the kinds first seen at `since` or later, so that the next log-in from one of them is told. The very first
 * kind stays: it was there before anybody could be told, and without it the next log-in would be the first.
 */
export async function forgetDevicesSince(db: Executor, userId: string, since: Date): Promise<void> {
  const older = alias(knownDevices, "older");
  const hasOlder = exists(
    db
      .select({ family: older.family })
      .from(older)
      .where(and(eq(older.userId, knownDevices.userId), lt(older.firstSeenAt, knownDevices.firstSeenAt))),
  );
  await db
    .delete(knownDevices)
    .where(and(eq(knownDevices.userId, userId), gte(knownDevices.firstSeenAt, since), hasOlder));
}
