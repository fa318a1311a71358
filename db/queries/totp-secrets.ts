import { and, eq, isNotNull, isNull, lt } from "drizzle-orm";
import type { Executor } from "../client.ts";
import { totpSecrets } from "../schema.ts";

export type TotpSecret = typeof totpSecrets.$inferSelect;

/** Which of a person's two secrets: the one in use, or the one that waits for its first code. */
type Which = "in use" | "waiting";

const is = (which: Which) =>
  which === "in use" ? isNotNull(totpSecrets.confirmedAt) : isNull(totpSecrets.confirmedAt);

export async function findTotpSecret(
  db: Executor,
  userId: string,
  which: Which,
): Promise<TotpSecret | undefined> {
  const [row] = await db
    .select()
    .from(totpSecrets)
    .where(and(eq(totpSecrets.userId, userId), is(which)));
  return row;
}

/** Puts a secret that waits for its first code in the place of an older one that did. */
export async function replaceWaitingSecret(
  transaction: Executor,
  secret: typeof totpSecrets.$inferInsert,
): Promise<void> {
  await transaction.delete(totpSecrets).where(and(eq(totpSecrets.userId, secret.userId), is("waiting")));
  await transaction.insert(totpSecrets).values(secret);
}

/** Takes a waiting secret into use in the place of the one before; the step of its first code is taken with it. */
export async function confirmTotpSecret(
  transaction: Executor,
  { id, userId }: Pick<TotpSecret, "id" | "userId">,
  step: number,
  now: Date,
): Promise<void> {
  await transaction.delete(totpSecrets).where(and(eq(totpSecrets.userId, userId), is("in use")));
  await transaction
    .update(totpSecrets)
    .set({ confirmedAt: now, lastStep: step })
    .where(and(eq(totpSecrets.id, id), is("waiting")));
}

/**
 * Takes the step of a right code. Guarantee: of any number of uses of one step, over processes and purposes, one gets
 * true, and none of an older step after it (RFC 6238 §5.2).
 */
export async function takeTotpStep(db: Executor, id: string, step: number): Promise<boolean> {
  const taken = await db
    .update(totpSecrets)
    .set({ lastStep: step })
    .where(and(eq(totpSecrets.id, id), is("in use"), lt(totpSecrets.lastStep, step)))
    .returning({ id: totpSecrets.id });
  return taken.length > 0;
}

/** Forgets a person's secrets, the one that waits too. */
export async function deleteTotpSecrets(transaction: Executor, userId: string): Promise<void> {
  await transaction.delete(totpSecrets).where(eq(totpSecrets.userId, userId));
}
