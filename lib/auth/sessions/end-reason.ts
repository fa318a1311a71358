import type { Session } from "@/db/queries/sessions.ts";
import type { Moment } from "@/lib/app/call.ts";
import { secondsAfter } from "@/lib/base/clock.ts";
import type { EndReason } from "@/lib/contract/errors.ts";

/**
 * Why a session can't be used at `now`, or null while it can. An ended row is refused by its columns, whether or not
 * a clean-up ever runs. The leeway that tokens get is given to rows too, so that both end at one time.
 */
export function endReason(
  { app: { settings }, now }: Moment,
  session: Pick<Session, "revokedReason" | "idleExpiresAt" | "expiresAt">,
  isActive: boolean,
): EndReason | null {
  const endedBefore = secondsAfter(now, -settings.LEEWAY);
  if (session.revokedReason) return session.revokedReason;
  if (!isActive) return "account_deactivated";
  return session.idleExpiresAt <= endedBefore || session.expiresAt <= endedBefore ? "expired" : null;
}
