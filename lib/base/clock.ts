/** Where "now" comes from. Everything that compares or records an instant takes one as an argument. */
export type Clock = { now(): Date };

/** This machine's own clock. */
export const systemClock: Clock = { now: () => new Date() };

/** The instant an ISO 8601 text or a number of epoch milliseconds names. */
export function instant(value: string | number): Date {
  return new Date(value);
}

/** `from` plus `seconds`, which may be negative. */
export function secondsAfter(from: Date, seconds: number): Date {
  return new Date(from.getTime() + seconds * 1000);
}

/** Whole seconds since the epoch, the unit of JWT claims (RFC 7519 §2 NumericDate). */
export function epochSeconds(at: Date): number {
  return Math.floor(at.getTime() / 1000);
}

/** How often a database-aligned clock asks the database again. */
const RESYNC_AFTER_MS = 30_000;
/** The same while it has never answered: until then this machine's clock is all there is, and it may be wrong. */
const FIRST_SYNC_AGAIN_AFTER_MS = 1_000;

/** An answer that took longer says too little about when it was made; the clock keeps what it knew. */
const TRUSTED_ROUND_TRIP_MS = 500;

/**
 * A clock that shows the database's time on every host, so that two hosts with skewed clocks agree:
 * it asks the database now and then and counts on from the answer with the monotonic timer, which a
 * change of this machine's clock does not touch. Until the first answer, and while the database is
 * away, it counts on from what it last knew.
 *
 * @param askDatabase returns the database's `clock_timestamp()`
 */
export function databaseClock(askDatabase: () => Promise<Date>): Clock & { synchronize(): Promise<void> } {
  let baseMs = Date.now() - performance.now();
  let nextSyncMs = 0;
  let synchronized = false;

  async function synchronize() {
    const sentMs = performance.now();
    nextSyncMs = sentMs + (synchronized ? RESYNC_AFTER_MS : FIRST_SYNC_AGAIN_AFTER_MS);
    const there = await askDatabase();
    const answeredMs = performance.now();
    if (answeredMs - sentMs > TRUSTED_ROUND_TRIP_MS && synchronized) return;
    if (!synchronized) nextSyncMs = sentMs + RESYNC_AFTER_MS;
    synchronized = true;
    baseMs = there.getTime() - (sentMs + answeredMs) / 2;
  }

  return {
    synchronize,
    now() {
      const elapsedMs = performance.now();
      if (elapsedMs > nextSyncMs) synchronize().catch(() => {});
      return new Date(baseMs + elapsedMs);
    },
  };
}
