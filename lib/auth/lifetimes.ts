const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** For mails, which say lifetimes in days. */
export const DAY_SECONDS = DAY;

/** A person's sessions beyond this many end, the least recently used first, so that no list or table grows without end. */
export const SESSIONS_PER_PERSON = 100;

/** How long the Idempotency-Key that won a rotation brings the same pair again: a day offline loses nobody. */
export const RETRY_KEY_LIFETIME_SECONDS = DAY;

/** How long a page's request can be under way, over a connection that hardly is one, while another tab refreshes. */
export const PAGE_UNDER_WAY_SECONDS = 5 * MINUTE;

/** The cookie of a session outlives it by this, to say why a log-in is asked for. */
export const ENDED_COOKIE_KEPT_SECONDS = DAY;

/** How long the log-in page says that one logged out, in whichever tab: not to the next person at this computer. */
export const GOODBYE_SECONDS = 10 * MINUTE;

/** "Last active" is recorded at most this often, so that reading costs no write. */
export const LAST_SEEN_GRAIN_SECONDS = 5 * MINUTE;

/** Ended sessions stay this long, to tell their holder and an admin why they ended. */
export const ENDED_SESSION_KEPT_SECONDS = 30 * DAY;

/** Ended challenges stay this long, to tell a late answer from a forged one in the database. */
export const ENDED_CHALLENGE_KEPT_SECONDS = DAY;

/** A code lives as long as ASVS 6.5.5 lets it; mail can be slow. */
export const CODE_LIFETIME_SECONDS = 10 * MINUTE;

/** The cookie of a challenge outlives its code by this, to say on its page that the code has expired. */
export const ENDED_CODE_TOLD_SECONDS = HOUR;

/** Guesses at one challenge: 5 of a million. */
export const CODE_TRIES = 5;

/** Mails of one challenge, the first included. */
export const CODE_SENDS = 5;

/** Between two mails of one challenge: long enough for the first to arrive. */
export const RESEND_AFTER_SECONDS = MINUTE;

/** Wrong codes in a row, over all challenges of a person, that close code entry. */
export const WRONG_CODES_IN_A_ROW = 10;

/** How long code entry stays closed then. */
export const CODES_CLOSED_SECONDS = 15 * MINUTE;

/** Code mails to one account, so that nobody can flood a mailbox. */
export const CODE_MAILS = { capacity: 10, perSeconds: HOUR };

/** Log-in attempts from one client address, right ones too. */
export const LOG_IN_ATTEMPTS = { capacity: 30, perSeconds: MINUTE };

/** How long a device may skip the code (a documented risk: docs/decisions/0014). */
export const TRUSTED_DEVICE_LIFETIME_SECONDS = 30 * DAY;

/** How recent a log-in must be to change how one logs in. */
export const RECENT_LOG_IN_SECONDS = 10 * MINUTE;

/** How long "This wasn't me" can be answered to: a week away from the mailbox. */
export const NOT_ME_LIFETIME_SECONDS = 7 * DAY;

/** How long the old address can take an account back after its address was changed: a week away from the mailbox. */
export const UNDO_EMAIL_CHANGE_LIFETIME_SECONDS = 7 * DAY;

/** A notice that could not be sent for a week is not sent any more. */
export const NOTICE_LIFETIME_SECONDS = 7 * DAY;

/** How long a reset link opens the way to a new password. */
export const RESET_LIFETIME_SECONDS = 30 * MINUTE;

/** Registrations and forgotten passwords for one address: nobody's mailbox is flooded by strangers. */
export const ADDRESS_MAILS = { capacity: 5, perSeconds: HOUR };

/** Registrations and forgotten passwords from one client network, whichever addresses they name. */
export const CLIENT_MAILS = { capacity: 20, perSeconds: HOUR };

/** How long an invitation can be accepted: a week away from the mailbox. */
export const INVITATION_LIFETIME_SECONDS = 7 * DAY;

/** The audit trail: half a year, to look into what is found out late. */
export const EVENT_KEPT_SECONDS = 180 * DAY;

/** Whole addresses in the audit trail: as long as an attack is likely still being looked into. */
export const EVENT_ADDRESS_KEPT_SECONDS = 30 * DAY;
