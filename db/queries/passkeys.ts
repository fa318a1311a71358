import { and, asc, eq, isNull, or, sql } from "drizzle-orm";
import type { Executor } from "../client.ts";
import { isUuid } from "../is-uuid.ts";
import { passkeys, users } from "../schema.ts";

export type Passkey = typeof passkeys.$inferSelect;

/** A person's passkeys, the oldest first. */
export async function listPasskeys(db: Executor, userId: string): Promise<Passkey[]> {
  return db
    .select()
    .from(passkeys)
    .where(eq(passkeys.userId, userId))
    .orderBy(asc(passkeys.createdAt), asc(passkeys.id));
}

/** The passkey of that credential id, and whose it is. */
export async function findPasskey(db: Executor, credentialId: Buffer) {
  const [row] = await db
    .select({ passkey: passkeys, handle: users.passkeyHandle })
    .from(passkeys)
    .innerJoin(users, eq(users.id, passkeys.userId))
    .where(eq(passkeys.credentialId, credentialId));
  return row;
}

/** Adds a passkey; undefined when the credential is known already, whoever has it. */
export async function insertPasskey(
  transaction: Executor,
  passkey: typeof passkeys.$inferInsert,
): Promise<Passkey | undefined> {
  const [row] = await transaction.insert(passkeys).values(passkey).onConflictDoNothing().returning();
  return row;
}

/**
 * Takes what a passkey signed: its counter must have grown, unless it has none. Guarantee: of any number of uses of
 * one counter one gets true (WebAuthn §7.2 step 22).
 */
export async function takeSignature(
  db: Executor,
  id: string,
  { counter, backedUp }: Pick<Passkey, "counter" | "backedUp">,
  now: Date,
): Promise<boolean> {
  const hasNone = and(eq(passkeys.counter, 0), sql`${counter}::bigint = 0`);
  const taken = await db
    .update(passkeys)
    .set({ counter, backedUp, lastUsedAt: now })
    .where(and(eq(passkeys.id, id), or(sql`${passkeys.counter} < ${counter}::bigint`, hasNone)))
    .returning({ id: passkeys.id });
  return taken.length > 0;
}

/** Gives a person's own passkey another name; undefined when there is none of that id. */
export async function namePasskey(db: Executor, userId: string, id: string, name: string) {
  if (!isUuid(id)) return undefined;
  const [row] = await db
    .update(passkeys)
    .set({ name })
    .where(and(eq(passkeys.id, id), eq(passkeys.userId, userId)))
    .returning();
  return row;
}

/** Forgets a person's own passkey and returns it; undefined when there is none of that id. */
export async function deletePasskey(db: Executor, userId: string, id: string): Promise<Passkey | undefined> {
  if (!isUuid(id)) return undefined;
  const [row] = await db
    .delete(passkeys)
    .where(and(eq(passkeys.id, id), eq(passkeys.userId, userId)))
    .returning();
  return row;
}

/** What authenticators call the person whose row the transaction has locked: `fresh`, unless they have a handle. */
export async function keepPasskeyHandle(
  transaction: Executor,
  userId: string,
  fresh: Buffer,
): Promise<Buffer> {
  const [made] = await transaction
    .update(users)
    .set({ passkeyHandle: fresh })
    .where(and(eq(users.id, userId), isNull(users.passkeyHandle)))
    .returning({ handle: users.passkeyHandle });
  if (made?.handle) return made.handle;
  const [kept] = await transaction
    .select({ handle: users.passkeyHandle })
    .from(users)
    .where(eq(users.id, userId));
  if (!kept?.handle) throw new Error("a person without a handle");
  return kept.handle;
}
