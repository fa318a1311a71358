import type { Budget } from "@/db/queries/rate-limits.ts";

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Where a limit stands, and what makes it whole again before its time. */
export type Standing = { doors: string; forgivenBy: string };

/**
 * What may happen so often, right or wrong, and comes back evenly. The name is what it is counted under; whom it
 * concerns is said where it is taken. One with `always` holds under `RATE_LIMITS=off` too: it bounds guesses at codes.
 *
 * The table in docs/threat-model.md says the same; a test compares them.
 */
export const budgets = {
  "log-ins from a client": {
    capacity: 30,
    perSeconds: MINUTE,
    doors: "log-in",
    forgivenBy: "nothing",
  },
  "passkeys offered to a client": {
    capacity: 120,
    perSeconds: MINUTE,
    doors: "the options of a log-in with a passkey alone, which every log-in page asks for",
    forgivenBy: "nothing",
  },
  "passkeys tried from a client": {
    capacity: 30,
    perSeconds: MINUTE,
    doors: "log-in with a passkey alone",
    forgivenBy: "nothing",
  },
  "first codes of an authenticator app": {
    capacity: 10,
    perSeconds: 10 * MINUTE,
    always: true,
    doors: "setting up an authenticator app",
    forgivenBy: "nothing",
  },
  "own-password checks of a person": {
    capacity: 20,
    perSeconds: MINUTE,
    doors: "step-up, password change, address change, deletion",
    forgivenBy: "nothing",
  },
  "own-password checks from a client": {
    capacity: 30,
    perSeconds: MINUTE,
    doors: "step-up, password change, address change, deletion",
    forgivenBy: "nothing",
  },
  "code mails to an account": {
    capacity: 10,
    perSeconds: HOUR,
    doors: "log-in, step-up, address change, and their resends",
    forgivenBy: "nothing",
  },
  "registration mails to an address": {
    capacity: 5,
    perSeconds: HOUR,
    doors: "registration, address change, and their resends",
    forgivenBy: "nothing",
  },
  "reset mails to an address": {
    capacity: 5,
    perSeconds: HOUR,
    doors: "forgotten password",
    forgivenBy: "nothing",
  },
  "mails asked for by a client": {
    capacity: 20,
    perSeconds: HOUR,
    doors: "registration, address change, their resends, forgotten password",
    forgivenBy: "nothing",
  },
  "code guesses at a new address": {
    capacity: 10,
    perSeconds: DAY,
    always: true,
    doors: "registration, address change",
    forgivenBy: "the right code",
  },
  "new-device mails to an account": {
    capacity: 10,
    perSeconds: HOUR,
    doors: "every log-in",
    forgivenBy: "nothing",
  },
  "destinations kept for a client": {
    capacity: 2_000,
    perSeconds: HOUR,
    doors: "a log-in for an application, and a way back, of a browser that is not logged in",
    forgivenBy: "nothing",
  },
  "wrong metrics tokens from a client": {
    capacity: 10,
    perSeconds: MINUTE,
    doors: "metrics",
    forgivenBy: "nothing",
  },
} as const satisfies Record<string, Budget & Standing & { always?: true }>;

export type BudgetName = keyof typeof budgets;

/** Guesses at one challenge: 5 of a million. */
export const CODE_TRIES = 5;

/** Mails of one challenge, the first included. */
export const CODE_SENDS = 5;

/** Between two mails of one challenge: long enough for the first to arrive. */
export const RESEND_AFTER_SECONDS = MINUTE;

/**
 * Wrong codes in a row on an account, over all its challenges: each ten close code entry, for twice as long as the ten
 * before. NIST SP 800-63B-4 §3.2.2 allows a hundred; after them only a reset of the password opens it.
 */
export const WRONG_CODES = {
  perClosure: 10,
  firstClosureSeconds: 15 * MINUTE,
  longestClosureSeconds: DAY,
  untilReset: 100,
  noticeEverySeconds: DAY,
};
