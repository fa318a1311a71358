import type { Executor } from "@/db/client.ts";
import { countFactors } from "@/db/queries/factors.ts";
import { replaceRecoveryCodes, takeRecoveryCode } from "@/db/queries/recovery-codes.ts";
import type { User } from "@/db/queries/users.ts";
import type { App } from "@/lib/app/app.ts";
import type { Call, Moment } from "@/lib/app/call.ts";
import { recordEvent } from "@/lib/audit/record.ts";
import { RECOVERY_CODES } from "@/lib/auth/limits/lifetimes.ts";
import { notify } from "@/lib/auth/notices/notify.ts";
import { hmacBytes, randomSecret } from "@/lib/base/crypto.ts";
import { hasStrongFactor } from "./methods.ts";

/** What a recovery code adds to how a session was proven. */
export const RECOVERY_AMR = ["recovery", "mfa"];

/** Crockford's base32: no letter that looks like a digit. */
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const CHARACTERS = 16;

/** Gives a person ten new codes of 80 bits each, in the caller's transaction, which has locked them; older ones are void. */
export async function makeRecoveryCodes(
  transaction: Executor,
  { app, now }: Moment,
  userId: string,
): Promise<string[]> {
  const codes = Array.from({ length: RECOVERY_CODES }, makeCode);
  const hashes = codes.map((code) => hashCode(app, userId, code));
  await replaceRecoveryCodes(transaction, userId, hashes, now);
  await countFactors(transaction, userId);
  return codes.map((code) => code.replace(/.{4}(?=.)/g, "$&-"));
}

/** The same, for whoever has just got their first strong factor; null for anybody else. `user` is as they were before. */
export async function makeFirstRecoveryCodes(
  transaction: Executor,
  call: Moment,
  user: User,
): Promise<string[] | null> {
  return hasStrongFactor(user) ? null : makeRecoveryCodes(transaction, call, user.id);
}

/**
 * Takes a code of a person whom the transaction has locked, records it, and tells them by mail how many are left. Of
 * any number of uses of one code one gets true.
 */
export async function spendRecoveryCode(
  transaction: Executor,
  call: Call,
  user: User,
  code: string,
): Promise<boolean> {
  const { app, device, now } = call;
  if (!(await takeRecoveryCode(transaction, user.id, hashCode(app, user.id, code)))) return false;
  const { recoveryCodesLeft: left } = await countFactors(transaction, user.id);
  const event = { type: "recovery_code.used", userId: user.id, device, data: { left } } as const;
  await recordEvent(transaction, event, now);
  await notify(transaction, call, user, { kind: "recovery-code-used", at: now, left });
  return true;
}

function makeCode(): string {
  return [...randomSecret(CHARACTERS)].map((byte) => ALPHABET[byte % ALPHABET.length]).join("");
}

function hashCode({ recoveryHashing }: App, userId: string, code: string): Buffer {
  return hmacBytes(recoveryHashing, `${userId} ${code}`);
}
