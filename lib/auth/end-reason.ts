import type { Session } from "@/db/queries/sessions.ts";
import type { EndReason } from "@/lib/contract/errors.ts";

/**
 * Why a session can't be used at `now`, or null while it can. An ended row is refused by its columns, whether or not
 * a clean-up ever runs.
 */
export function endReason(
  session: Pick<Session, "revokedReason" | "idleExpiresAt" | "expiresAt">,
  isActive: boolean,
  now: Date,
): EndReason | null {
  if (session.revokedReason) return session.revokedReason;
  if (!isActive) return "account_deactivated";
  return session.idleExpiresAt <= now || session.expiresAt <= now ? "expired" : null;
}
