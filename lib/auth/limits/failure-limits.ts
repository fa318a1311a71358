import type { FailureLimit } from "@/db/queries/rate-limits.ts";
import type { Standing } from "./budgets.ts";

const MINUTE = 60;

/** Ten wrong passwords in five minutes cost nothing; then each further try waits, at most 15 minutes. */
const WRONG_PASSWORDS = {
  free: 10,
  windowSeconds: 5 * MINUTE,
  firstWaitSeconds: 30,
  longestWaitSeconds: 15 * MINUTE,
};

/** Wrong passwords in a row, and the waits that they begin. */
export const failureLimits = {
  "wrong passwords at log-in to an address": {
    ...WRONG_PASSWORDS,
    doors: "log-in",
    forgivenBy: "the right password, a reset, “This wasn't me”, an undo",
  },
  "wrong passwords at log-in on a trusted device": {
    ...WRONG_PASSWORDS,
    doors: "log-in with the device's secret",
    forgivenBy: "the right password",
  },
  "wrong own passwords of a person": {
    ...WRONG_PASSWORDS,
    doors: "step-up, password change, address change, deletion",
    forgivenBy: "the right password",
  },
} as const satisfies Record<string, FailureLimit & Standing>;

export type FailureLimitName = keyof typeof failureLimits;
