import type { LoggedInCall } from "@/lib/auth/sessions/principal.ts";
import { type Failure, failure } from "@/lib/contract/errors.ts";
import type { Principal } from "./principal.ts";
import { requireRecentLogIn } from "./require-recent-log-in.ts";

/**
 * The failure of an admin's call by anybody else. The principal was read from the database for this very request, so a
 * demotion holds at once, whatever a token was issued as.
 */
export function requireAdmin({ user }: Principal): Failure | null {
  return user.role === "admin" && user.isActive ? null : failure("permission_denied");
}

/** The same for acts that hurt, which need a recent log-in too. */
export function requireRecentAdmin(call: Pick<LoggedInCall, "principal" | "now">): Failure | null {
  const { principal } = call;
  return requireAdmin(principal) ?? requireRecentLogIn(call);
}
