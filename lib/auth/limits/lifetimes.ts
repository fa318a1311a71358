const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** For mails, which say lifetimes in days. */
export const DAY_SECONDS = DAY;

/** A person's sessions beyond this many end, the least recently used first, so that no list or table grows without end. */
export const SESSIONS_PER_PERSON = 100;

/** What a person may have of passkeys: more than anybody's devices, and a list that can be read. */
export const PASSKEYS_PER_PERSON = 20;

/** A set of recovery codes, and how many left are too few to say nothing. */
export const RECOVERY_CODES = 10;
export const FEW_RECOVERY_CODES = 4;

/** How long the Idempotency-Key that won a rotation brings the same pair again: a day offline loses nobody. */
export const RETRY_KEY_LIFETIME_SECONDS = DAY;

/** How often the retry window gives one generation's pair again: enough tabs for a browser, too few for a companion. */
export const RETRIES_PER_GENERATION = 5;

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

/** What other services were told of stays this long after it mattered: a reader that was away for a day is told the rest. */
export const REVOCATION_KEPT_SECONDS = 2 * DAY;

/** Ended challenges stay this long, to tell a late answer from a forged one in the database. */
export const ENDED_CHALLENGE_KEPT_SECONDS = DAY;

/** A code lives as long as ASVS 6.5.5 lets it; mail can be slow. */
export const CODE_LIFETIME_SECONDS = 10 * MINUTE;

/** How long a passkey may be waited for. */
export const PASSKEY_LIFETIME_SECONDS = 5 * MINUTE;

/** How long an account is held after its factors were taken away by somebody else or by a mailed link. */
export const FACTORS_REMOVED_HOLD_SECONDS = DAY;

/** The cookie of a challenge outlives its code by this, to say on its page that the code has expired. */
export const ENDED_CODE_TOLD_SECONDS = HOUR;

/** How long a device may skip the code (a documented risk: docs/decisions/0014). */
export const TRUSTED_DEVICE_LIFETIME_SECONDS = 30 * DAY;

/** How long after its use a trusted device's spent secret may come back from the same client: two tabs at once. */
export const SPENT_SECRET_SPARED_SECONDS = 10;

/** How recent a log-in must be to change how one logs in. */
export const RECENT_LOG_IN_SECONDS = 10 * MINUTE;

/** How long "This wasn't me" can be answered to: a week away from the mailbox. */
export const NOT_ME_LIFETIME_SECONDS = 7 * DAY;

/** How long the old address can take an account back after its address was changed: a week away from the mailbox. */
export const UNDO_EMAIL_CHANGE_LIFETIME_SECONDS = 7 * DAY;

/** A notice that could not be sent for a week is not sent any more. */
export const NOTICE_LIFETIME_SECONDS = 7 * DAY;

/** Mail that is done with stays this long, to say whether it was sent and what the provider answered. */
export const DONE_MAIL_KEPT_SECONDS = 7 * DAY;

/** What an application was not told stays this long after it was given up, for an admin to send it again. */
export const ENDED_DELIVERY_KEPT_SECONDS = 7 * DAY;

/** How long security.txt is good for: RFC 9116 §2.5.5 asks for less than a year, and it is made anew at every call. */
export const SECURITY_CONTACT_LIFETIME_SECONDS = 90 * DAY;

/** How long a reset link opens the way to a new password. */
export const RESET_LIFETIME_SECONDS = 30 * MINUTE;

/** How long an invitation can be accepted: a week away from the mailbox. */
export const INVITATION_LIFETIME_SECONDS = 7 * DAY;

/** An account that nobody accepted stays this long, for admins to see who never came and to invite them again. */
export const UNACCEPTED_ACCOUNT_KEPT_SECONDS = 30 * DAY;

/** The audit trail: half a year, to look into what is found out late. */
export const EVENT_KEPT_SECONDS = 180 * DAY;

/** Whole addresses in the audit trail: as long as an attack is likely still being looked into. */
export const EVENT_ADDRESS_KEPT_SECONDS = 30 * DAY;

/** How long an authorization code can be redeemed: RFC 6749 §4.1.2 allows ten minutes at the most, a client needs seconds. */
export const AUTHORIZATION_CODE_LIFETIME_SECONDS = MINUTE;

/** How long a browser can take to log in, before it is not led on any more: a walk to the mailbox, and a meeting. */
export const DESTINATION_LIFETIME_SECONDS = HOUR;

/** How long an application's secret still counts beside its successor: to bring the new one to every server. */
export const PREVIOUS_SECRET_KEPT_SECONDS = DAY;
