import type { Executor } from "@/db/client.ts";
import { deleteTrustedDevices } from "@/db/queries/trusted-devices.ts";
import { lockUser, type User, updateUser } from "@/db/queries/users.ts";
import type { App } from "@/lib/app.ts";
import { type Device, recordEvents } from "@/lib/audit.ts";
import { secondsAfter } from "@/lib/clock.ts";
import type { PublicUser } from "@/lib/contract/account.ts";
import { bearerNotValid, type Failure } from "@/lib/contract/errors.ts";
import { queueMail } from "@/lib/mail/outbox.ts";
import { NOTICE_LIFETIME_SECONDS } from "./lifetimes.ts";
import type { Principal } from "./principal.ts";
import { toPublicUser } from "./public-shapes.ts";
import { requireRecentLogIn } from "./require-recent-log-in.ts";

/**
 * Turns the e-mailed code on or off for the caller.
 *
 * 1. the last proof of who they are is older than ten minutes → `recent_login_required`
 * 2. the account is inactive or gone by now → refused
 * 3. it is so already → nothing changes, and nothing is recorded
 * 4. else → it is as asked, no device is trusted any more, and the audit trail says so; who turned it off is told by
 *    mail (ASVS 6.3.7)
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
  const outcome = await app.db.transaction(async (transaction) => {
    const user = await lockUser(transaction, { userId: principal.user.id });
    if (!user) return bearerNotValid("blacklisted", "account_deactivated");
    const twoFactor = toPublicUser({ ...user, twoFactorEmail: enabled }).two_factor;
    if (user.twoFactorEmail === enabled) return { kind: "set" as const, twoFactor };
    await updateUser(transaction, user.id, { twoFactorEmail: enabled });
    await deleteTrustedDevices(transaction, user.id);
    const event = { type: "two_factor.changed" as const, userId: user.id, device, data: { email: enabled } };
    await recordEvents(transaction, [{ ...event, sessionId: principal.session.id }], now);
    if (!enabled) await tell(transaction, app, user, now);
    return { kind: "set" as const, twoFactor };
  });
  app.mail.wake();
  return outcome;
}

async function tell(
  transaction: Executor,
  app: App,
  { id: userId, email: to }: User,
  now: Date,
): Promise<void> {
  const expiresAt = secondsAfter(now, NOTICE_LIFETIME_SECONDS);
  await queueMail(
    transaction,
    app.mail,
    { to, userId, message: { kind: "two-step-off", at: now }, expiresAt },
    now,
  );
}
