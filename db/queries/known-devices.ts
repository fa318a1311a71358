import { and, eq, ne } from "drizzle-orm";
import type { Executor } from "../client.ts";
import { knownDevices } from "../schema.ts";

/**
 * Notes that a person logged in from this kind of device. True when it is new to them and not their first. Guarantee:
 * of simultaneous log-ins from one new kind, one is told that it is new.
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
  return earlier.length > 0;
}
