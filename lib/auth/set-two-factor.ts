import { lockUser, updateUser } from "@/db/queries/users.ts";
import type { App } from "@/lib/app.ts";
import { type Device, recordEvents } from "@/lib/audit.ts";
import type { PublicUser } from "@/lib/contract/account.ts";
import { bearerNotValid, type Failure } from "@/lib/contract/errors.ts";
import type { Principal } from "./principal.ts";
import { toPublicUser } from "./public-shapes.ts";
import { requireRecentLogIn } from "./require-recent-log-in.ts";

/**
 * Turns the e-mailed code on or off for the caller.
 *
 * 1. the last proof of who they are is older than ten minutes → `recent_login_required`
 * 2. else → it is as asked, and the audit trail says so
 */
export async function setTwoFactorEmail(
  app: App,
  principal: Principal,
  enabled: boolean,
  device: Device,
  now: Date,
): Promise<{ kind: "set"; twoFactor: PublicUser["two_factor"] } | Failure> {
  const refused = requireRecentLogIn(principal, now);
  if (refused) return refused;
  return app.db.transaction(async (transaction) => {
    const user = await lockUser(transaction, { userId: principal.user.id });
    if (!user) return bearerNotValid("blacklisted", "account_deactivated");
    await updateUser(transaction, user.id, { twoFactorEmail: enabled });
    const event = { type: "two_factor.changed" as const, userId: user.id, device, data: { email: enabled } };
    await recordEvents(transaction, [{ ...event, sessionId: principal.session.id }], now);
    return { kind: "set", twoFactor: toPublicUser({ ...user, twoFactorEmail: enabled }).two_factor };
  });
}
