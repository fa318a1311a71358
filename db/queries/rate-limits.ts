import { eq, sql } from "drizzle-orm";
import type { Executor } from "../client.ts";
import { rateLimits } from "../schema.ts";

/** `capacity` at once, refilled evenly over `perSeconds`. */
export type Budget = { capacity: number; perSeconds: number };

/**
 * Takes one from a budget (GCRA). Guarantee: of any number of simultaneous calls on any number of processes, at most
 * as many get null as the budget holds. Otherwise the seconds until the next one.
 */
export async function takeFromBudget(
  db: Executor,
  key: Buffer,
  { capacity, perSeconds }: Budget,
  now: Date,
): Promise<number | null> {
  const at = now.toISOString();
  const each = sql`make_interval(secs => ${perSeconds / capacity}::float8)`;
  const used = sql`greatest(${rateLimits.fullAt}, ${at}::timestamptz)`;
  const [taken] = await db
    .insert(rateLimits)
    .values({ key, fullAt: sql`${at}::timestamptz + ${each}` })
    .onConflictDoUpdate({
      target: rateLimits.key,
      set: { fullAt: sql`${used} + ${each}` },
      setWhere: sql`${used} <= ${at}::timestamptz + ${each} * ${capacity - 1}::int`,
    })
    .returning({ key: rateLimits.key });
  if (taken) return null;
  return secondsUntil(db, key, now, -(perSeconds / capacity) * (capacity - 1));
}

/** Failures that cost nothing, the window that forgets them, and how the wait grows after them. */
export type FailureLimit = {
  free: number;
  windowSeconds: number;
  firstWaitSeconds: number;
  longestWaitSeconds: number;
};

/**
 * Counts an attempt as failed before it is verified; `forgetFailures` takes that back. Once `free` attempts have
 * failed in a row each further one starts a wait, twice as long as the one before. Returns null when the attempt may
 * go on, else the seconds to wait. Guarantee: simultaneous attempts are counted one by one, on any number of processes;
 * before the first wait none is refused, whichever host's clock is ahead.
 */
export async function countFailure(
  db: Executor,
  key: Buffer,
  limit: FailureLimit,
  now: Date,
): Promise<number | null> {
  const at = now.toISOString();
  const forgottenBefore = sql`${at}::timestamptz - make_interval(secs => case when ${rateLimits.failures} < ${limit.free}::int then ${limit.windowSeconds}::float8 else ${limit.longestWaitSeconds}::float8 end)`;
  const failures = sql`case when ${rateLimits.fullAt} < ${forgottenBefore} then 1 else ${rateLimits.failures} + 1 end`;
  const wait = sql`case when (${failures}) < ${limit.free}::int then 0 else least(${limit.longestWaitSeconds}::float8, ${limit.firstWaitSeconds}::float8 * power(2, least((${failures}) - ${limit.free}::int, 20))) end`;
  const [counted] = await db
    .insert(rateLimits)
    .values({ key, fullAt: now, failures: 1 })
    .onConflictDoUpdate({
      target: rateLimits.key,
      set: { failures, fullAt: sql`${at}::timestamptz + make_interval(secs => (${wait})::float8)` },
      setWhere: sql`${rateLimits.failures} < ${limit.free}::int or ${rateLimits.fullAt} <= ${at}::timestamptz`,
    })
    .returning({ key: rateLimits.key });
  return counted ? null : secondsUntil(db, key, now, 0);
}

/** Takes one counted failure back, and the wait that it began: the attempt was never verified. */
export async function uncountFailure(db: Executor, key: Buffer, now: Date): Promise<void> {
  const failures = sql`greatest(${rateLimits.failures} - 1, 0)`;
  const fullAt = sql`least(${rateLimits.fullAt}, ${now.toISOString()}::timestamptz)`;
  await db.update(rateLimits).set({ failures, fullAt }).where(eq(rateLimits.key, key));
}

/** A success wipes the failures before it. */
export async function forgetFailures(db: Executor, key: Buffer): Promise<void> {
  await db.delete(rateLimits).where(eq(rateLimits.key, key));
}

/** Deletes budgets that are whole again since `before`. */
export async function deleteFullBudgets(db: Executor, before: Date): Promise<void> {
  await db.delete(rateLimits).where(sql`${rateLimits.fullAt} < ${before.toISOString()}`);
}

async function secondsUntil(db: Executor, key: Buffer, now: Date, offsetSeconds: number): Promise<number> {
  const [row] = await db
    .select({ fullAt: rateLimits.fullAt })
    .from(rateLimits)
    .where(eq(rateLimits.key, key));
  const seconds = ((row?.fullAt ?? now).getTime() - now.getTime()) / 1000 + offsetSeconds;
  return Math.max(1, Math.ceil(seconds));
}
