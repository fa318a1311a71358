import { secondsAfter } from "@/lib/clock.ts";
import { type Failure, failure } from "@/lib/contract/errors.ts";
import { RECENT_LOG_IN_SECONDS } from "./lifetimes.ts";
import type { Principal } from "./principal.ts";

/**
 * The failure of a call that changes how a person logs in, unless they proved themselves within the last ten minutes
 * (ASVS 7.5.1). The session says when, not the token, so that a step-up counts at once.
 */
export function requireRecentLogIn({ session }: Principal, now: Date): Failure | null {
  const recent = session.authenticatedAt > secondsAfter(now, -RECENT_LOG_IN_SECONDS);
  return recent ? null : failure("recent_login_required");
}
