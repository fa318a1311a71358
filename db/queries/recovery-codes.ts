import { and, eq } from "drizzle-orm";
import type { Executor } from "../client.ts";
import { recoveryCodes } from "../schema.ts";

/** Puts a new set of codes in the place of whatever a person has left of an older one. */
export async function replaceRecoveryCodes(
  transaction: Executor,
  userId: string,
  hashes: readonly Buffer[],
  now: Date,
): Promise<void> {
  await deleteRecoveryCodes(transaction, userId);
  await transaction
    .insert(recoveryCodes)
    .values(hashes.map((codeHash) => ({ userId, codeHash, createdAt: now })));
}

/** Takes a code. Guarantee: of any number of uses of one code, one gets true. */
export async function takeRecoveryCode(db: Executor, userId: string, codeHash: Buffer): Promise<boolean> {
  const taken = await db
    .delete(recoveryCodes)
    .where(and(eq(recoveryCodes.userId, userId), eq(recoveryCodes.codeHash, codeHash)))
    .returning({ userId: recoveryCodes.userId });
  return taken.length > 0;
}

async function deleteRecoveryCodes(transaction: Executor, userId: string): Promise<void> {
  await transaction.delete(recoveryCodes).where(eq(recoveryCodes.userId, userId));
}
