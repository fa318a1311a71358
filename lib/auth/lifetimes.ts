/** A person's sessions beyond this many end, the least recently used first, so that no list or table grows without end. */
export const SESSIONS_PER_PERSON = 100;

/** How long the Idempotency-Key that won a rotation brings the same pair again: a day offline loses nobody. */
export const RETRY_KEY_LIFETIME_SECONDS = 24 * 60 * 60;

/** "Last active" is recorded at most this often, so that reading costs no write. */
export const LAST_SEEN_GRAIN_SECONDS = 5 * 60;

/** Ended sessions stay this long, to tell their holder and an admin why they ended. */
export const ENDED_SESSION_KEPT_SECONDS = 30 * 24 * 60 * 60;
