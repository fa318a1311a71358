import type { LoggedInCall } from "@/lib/auth/sessions/principal.ts";
import { requireRecentLogIn } from "@/lib/auth/sessions/require-recent-log-in.ts";
import { type Failure, failure } from "@/lib/contract/errors.ts";
import { hasStrongFactor } from "./methods.ts";

/**
 * The failure of a call that takes a strong factor away, or recovery codes, unless the recent log-in was proven by one:
 * neither the mailbox nor the password alone may undo what guards against their loss (ASVS 6.4.4). Whoever has a strong
 * factor can prove themselves again only by one, and with the last one `mfa` goes from every session: so a session that
 * names it and is recent was proven by it.
 */
export function requireStrongLogIn(call: Pick<LoggedInCall, "principal" | "now">): Failure | null {
  const { user, session } = call.principal;
  const proven = !hasStrongFactor(user) || session.amr.includes("mfa");
  return requireRecentLogIn(call) ?? (proven ? null : failure("recent_login_required"));
}
