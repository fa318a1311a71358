import type { User } from "@/db/queries/users.ts";
import { RECENT_LOG_IN_SECONDS } from "@/lib/auth/limits/lifetimes.ts";
import type { LoggedInCall } from "@/lib/auth/sessions/principal.ts";
import { secondsAfter } from "@/lib/base/clock.ts";
import { type Failure, failure } from "@/lib/contract/errors.ts";

/** The failure of whatever could hurt, for a day after an account's strong factors were taken away by somebody else or by a mailed link. */
export function refuseWhileHeld({ heldUntil }: Pick<User, "heldUntil">, now: Date): Failure | null {
  return heldUntil && heldUntil > now ? failure("account_held") : null;
}

/**
 * The failure of a call that changes how a person logs in, unless they proved themselves within the last ten minutes
 * (ASVS 7.5.1). The session says when, not the token, so that a step-up counts at once.
 */
export function requireRecentLogIn(call: Pick<LoggedInCall, "principal" | "now">): Failure | null {
  const { principal, now } = call;
  const recent = principal.session.authenticatedAt > secondsAfter(now, -RECENT_LOG_IN_SECONDS);
  return recent ? refuseWhileHeld(principal.user, now) : failure("recent_login_required");
}
