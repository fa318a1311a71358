import { deleteTrustedDevices } from "@/db/queries/trusted-devices.ts";
import { updateUser } from "@/db/queries/users.ts";
import { recordEvents } from "@/lib/audit/record.ts";
import { notify } from "@/lib/auth/notices/notify.ts";
import { lockCaller } from "@/lib/auth/sessions/lock-caller.ts";
import type { LoggedInCall } from "@/lib/auth/sessions/principal.ts";
import { requireRecentLogIn } from "@/lib/auth/sessions/require-recent-log-in.ts";
import { toPublicUser } from "@/lib/auth/sessions/shapes.ts";
import type { PublicUser } from "@/lib/contract/account.ts";
import type { Failure } from "@/lib/contract/errors.ts";

/**
 * Turns the e-mailed code on or off for the caller.
 *
 * 1. the last proof of who they are is older than ten minutes → `recent_login_required`
 * 2. the session has ended by now, or the account is inactive or gone → refused as everywhere
 * 3. it is so already → nothing changes, and nothing is recorded
 * 4. else → it is as asked, no device is trusted any more, and the audit trail says so; who turned it off is told by
 *    mail (ASVS 6.3.7)
 */
export async function setTwoFactorEmail(
  call: LoggedInCall,
  enabled: boolean,
): Promise<{ kind: "set"; twoFactor: PublicUser["two_factor"] } | Failure> {
  const { app, principal, device, now } = call;
  const refused = requireRecentLogIn(call);
  if (refused) return refused;
  return app.transaction(async (transaction) => {
    const caller = await lockCaller(transaction, call);
    if (caller.kind === "failure") return caller;
    const { user } = caller;
    const twoFactor = toPublicUser({ ...user, twoFactorEmail: enabled }).two_factor;
    if (user.twoFactorEmail === enabled) return { kind: "set" as const, twoFactor };
    await updateUser(transaction, user.id, { twoFactorEmail: enabled });
    await deleteTrustedDevices(transaction, user.id);
    const event = { type: "two_factor.changed" as const, userId: user.id, device, data: { email: enabled } };
    await recordEvents(transaction, [{ ...event, sessionId: principal.session.id }], now);
    if (!enabled) await notify(transaction, call, user, { kind: "two-step-off", at: call.now });
    return { kind: "set" as const, twoFactor };
  });
}
