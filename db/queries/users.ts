import { and, asc, eq, sql } from "drizzle-orm";
import type { Database, Executor } from "../client.ts";
import { prepared } from "../prepared.ts";
import { users } from "../schema.ts";

export type User = typeof users.$inferSelect;

const findByEmailStatement = prepared((db) =>
  db
    .select()
    .from(users)
    .where(sql`lower(${users.email}) = lower(${sql.placeholder("email")})`)
    .prepare("find_user_by_email"),
);

/** The person whose address this is, without regard to case. */
export async function findUserByEmail(db: Database, email: string): Promise<User | undefined> {
  const [row] = await findByEmailStatement(db).execute({ email });
  return row;
}

/** Adds a person; undefined when the address is taken, whoever took it first. */
export async function insertUser(db: Executor, user: typeof users.$inferInsert): Promise<User | undefined> {
  const [row] = await db.insert(users).values(user).onConflictDoNothing().returning();
  return row;
}

/**
 * Locks a person for a log-in that is about to be granted and returns them, provided that they are still active and
 * the password that was compared is still theirs. Guarantee: a deactivation or password change either came before,
 * and then no row is returned, or comes after and sees the session this transaction makes.
 */
export async function claimLogIn(
  db: Executor,
  claim: { userId: string; passwordHash: string; lastLoginAt: Date | null },
): Promise<User | undefined> {
  const [row] = await db
    .update(users)
    .set({ lastLoginAt: claim.lastLoginAt ?? sql`${users.lastLoginAt}` })
    .where(and(eq(users.id, claim.userId), eq(users.passwordHash, claim.passwordHash), users.isActive))
    .returning();
  return row;
}

/** Replaces a password's hash by one of the same password with today's parameters, unless it changed meanwhile. */
export async function replacePasswordHash(
  db: Executor,
  userId: string,
  from: string,
  to: string,
): Promise<void> {
  await db
    .update(users)
    .set({ passwordHash: to })
    .where(and(eq(users.id, userId), eq(users.passwordHash, from)));
}

/** Makes a person inactive; undefined when they already were or don't exist. */
export async function deactivateUserRow(db: Executor, userId: string): Promise<User | undefined> {
  const [row] = await db
    .update(users)
    .set({ isActive: false })
    .where(and(eq(users.id, userId), users.isActive))
    .returning();
  return row;
}

export async function listUsers(db: Executor): Promise<User[]> {
  return db.select().from(users).orderBy(asc(users.createdAt), asc(users.id));
}

export async function anyUser(db: Executor): Promise<boolean> {
  return (await db.select({ id: users.id }).from(users).limit(1)).length > 0;
}
