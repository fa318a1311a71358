import type { User } from "@/db/queries/users.ts";
import type { App } from "@/lib/app/app.ts";
import type { Method } from "@/lib/contract/two-factor.ts";

/** Whether a person has a factor besides the mailbox: from then on that one counts no more (contract-2 §7). */
export function hasStrongFactor({ totpSince, passkeys }: Pick<User, "totpSince" | "passkeys">): boolean {
  return totpSince !== null || passkeys > 0;
}

/** Whether a right password is not enough to log this person in. */
export function asksSecondStep(user: User): boolean {
  return user.twoFactorEmail || hasStrongFactor(user);
}

/** What this person can prove themselves by besides the password, best first. */
export function methodsOf({ settings }: Pick<App, "settings">, user: User): Method[] {
  if (!hasStrongFactor(user)) return ["email"];
  const offered: Record<Exclude<Method, "email">, boolean> = {
    passkey: user.passkeys > 0 && settings.passkeyRpId !== null,
    totp: user.totpSince !== null,
    recovery_code: user.recoveryCodesLeft > 0,
  };
  return (["passkey", "totp", "recovery_code"] as const).filter((method) => offered[method]);
}
