import { and, eq, gte, isNull, sql } from "drizzle-orm";
import type { Executor } from "../client.ts";
import { passkeys, recoveryCodes, sessions, totpSecrets, users } from "../schema.ts";
import type { User } from "./users.ts";

/**
 * Counts a person's strong factors anew and keeps the counts in their row, which the transaction has locked; returns
 * it. Whoever adds or takes a factor ends with this, so that the counts are what the tables hold. Without a passkey and
 * without an authenticator app there are no recovery codes either, and no session is one of several factors any more.
 */
export async function countFactors(transaction: Executor, userId: string): Promise<User> {
  const [row] = await transaction
    .update(users)
    .set({
      totpSince: sql`(select ${totpSecrets.confirmedAt} from ${totpSecrets} where ${totpSecrets.userId} = ${userId} and ${totpSecrets.confirmedAt} is not null)`,
      passkeys: sql`(select count(*) from ${passkeys} where ${passkeys.userId} = ${userId})`,
      recoveryCodesLeft: sql`(select count(*) from ${recoveryCodes} where ${recoveryCodes.userId} = ${userId})`,
    })
    .where(eq(users.id, userId))
    .returning();
  if (!row) throw new Error("a locked person is gone");
  if (row.totpSince || row.passkeys > 0) return row;
  await transaction
    .update(sessions)
    .set({ amr: sql`array_remove(${sessions.amr}, 'mfa')` })
    .where(and(eq(sessions.userId, userId), isNull(sessions.revokedAt), sql`'mfa' = any(${sessions.amr})`));
  if (row.recoveryCodesLeft === 0) return row;
  await transaction.delete(recoveryCodes).where(eq(recoveryCodes.userId, userId));
  return countFactors(transaction, userId);
}

/** Takes the strong factors away that a person's account got at `since` or later, and codes of that time; counts the rest. */
export async function deleteFactorsSince(transaction: Executor, userId: string, since: Date): Promise<User> {
  await transaction
    .delete(totpSecrets)
    .where(
      and(
        eq(totpSecrets.userId, userId),
        gte(sql`coalesce(${totpSecrets.confirmedAt}, ${totpSecrets.createdAt})`, since.toISOString()),
      ),
    );
  await transaction.delete(passkeys).where(and(eq(passkeys.userId, userId), gte(passkeys.createdAt, since)));
  await transaction
    .delete(recoveryCodes)
    .where(and(eq(recoveryCodes.userId, userId), gte(recoveryCodes.createdAt, since)));
  return countFactors(transaction, userId);
}
