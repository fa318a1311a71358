import { and, asc, eq, gt, inArray, isNotNull, isNull, lt, ne, notExists, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import { comparable, toComparable } from "../address.ts";
import { databaseFault, type Executor } from "../client.ts";
import { prepared } from "../prepared.ts";
import { challenges, users } from "../schema.ts";

export type User = typeof users.$inferSelect;

const NAME_START_CHARACTERS = 100;

/** What PostgreSQL says where the other side's transaction committed while this one waited for it. */
const UNIQUE_VIOLATION = "23505";

const findByEmailStatement = prepared((db) =>
  db
    .select()
    .from(users)
    .where(sql`${comparable(users.email)} = ${sql.placeholder("email")}`)
    .prepare("find_user_by_email"),
);

/** The person whose address this is, without regard to ASCII case; no other letter counts as the same. */
export async function findUserByEmail(db: Executor, email: string): Promise<User | undefined> {
  const [row] = await findByEmailStatement(db).execute({ email: toComparable(email) });
  return row;
}

/** The same, whom nobody can delete until the transaction ends: rows that name them can be added. */
export async function holdUserByEmail(transaction: Executor, email: string): Promise<User | undefined> {
  const [row] = await transaction
    .select()
    .from(users)
    .where(eq(comparable(users.email), toComparable(email)))
    .for("key share");
  return row;
}

/** The person of that id, active or not. */
export async function findUser(db: Executor, userId: string): Promise<User | undefined> {
  const [row] = await db.select().from(users).where(eq(users.id, userId));
  return row;
}

/** Adds a person; undefined when the address is taken, whoever took it first. */
export async function insertUser(
  db: Executor,
  user: Omit<typeof users.$inferInsert, "nameStart">,
): Promise<User | undefined> {
  const values = { ...user, nameStart: toNameStart(user.name) };
  const [row] = await db.insert(users).values(values).onConflictDoNothing().returning();
  return row;
}

/** As much of a name as its index holds, in the case that a search compares. */
export function toNameStart(name: string): string {
  return [...name.normalize("NFC").toLowerCase()].slice(0, NAME_START_CHARACTERS).join("");
}

/**
 * Locks an active person until the transaction ends and returns them; with `passwordHash`, only while that is still
 * theirs. Guarantee: a deactivation or password change either came before, and then no row is returned, or comes
 * after and sees what this transaction made. Every transaction that touches a person's rows locks the person first,
 * so none waits for another in a circle; those that hold one session and add a row that names the person don't wait.
 */
export async function lockUser(
  db: Executor,
  { userId, passwordHash }: { userId: string; passwordHash?: string },
): Promise<User | undefined> {
  const same = passwordHash === undefined ? undefined : eq(users.passwordHash, passwordHash);
  const [row] = await db
    .select()
    .from(users)
    .where(and(eq(users.id, userId), users.isActive, same))
    .for("no key update");
  return row;
}

/** Locks a person, active or not, until the transaction ends and returns them. */
export async function lockAnyUser(transaction: Executor, userId: string): Promise<User | undefined> {
  const [row] = await transaction.select().from(users).where(eq(users.id, userId)).for("no key update");
  return row;
}

/** Facts of a person that their own acts change. */
export type UserChange = Partial<
  Pick<
    User,
    | "email"
    | "name"
    | "role"
    | "isActive"
    | "passwordHash"
    | "emailVerifiedAt"
    | "twoFactorEmail"
    | "lastLoginAt"
    | "wrongCodes"
    | "codesClosedUntil"
    | "codesClosedToldAt"
    | "heldUntil"
  >
>;

/** Changes a person whose row the transaction has locked. */
export async function updateUser(db: Executor, userId: string, change: UserChange): Promise<void> {
  const { name } = change;
  const nameStart = name === undefined ? undefined : toNameStart(name);
  await db
    .update(users)
    .set({ ...change, nameStart })
    .where(eq(users.id, userId));
}

/**
 * Gives a person whose row the transaction has locked another address, proven now; undefined while anybody else has
 * it. Guarantee: of any number of people who take one address at once, by this or by a registration, exactly one gets
 * it, and the transactions of the others go on as if they had come later. Whoever would swap addresses gets undefined
 * without waiting, so nobody waits in a circle.
 */
export async function takeAddress(
  transaction: Executor,
  { userId, email }: { userId: string; email: string },
  now: Date,
): Promise<User | undefined> {
  const other = alias(users, "other");
  const taken = transaction
    .select({ id: other.id })
    .from(other)
    .where(and(eq(comparable(other.email), toComparable(email)), ne(other.id, userId)));
  try {
    return await transaction.transaction(async (savepoint) => {
      const change = { email, emailVerifiedAt: now };
      const isThis = and(eq(users.id, userId), notExists(taken));
      const [row] = await savepoint.update(users).set(change).where(isThis).returning();
      return row;
    });
  } catch (error) {
    if (databaseFault(error)?.code === UNIQUE_VIOLATION) return undefined;
    throw error;
  }
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

/** Names the lock of those who may take an admin away. */
const ADMINS_LOCK = 7_313_022;

/**
 * Locks every active admin who has proven their address, and so can log in, and returns their ids. Guarantee:
 * transactions that take admins away and call this first follow each other, each seeing what the one before left. They
 * wait for one lock before the first row, for who is an admin changes while they wait, and with it the rows' order.
 */
export async function lockActiveAdmins(transaction: Executor): Promise<string[]> {
  await transaction.execute(sql`select pg_advisory_xact_lock(${ADMINS_LOCK})`);
  const admins = await transaction
    .select({ id: users.id })
    .from(users)
    .where(and(eq(users.role, "admin"), users.isActive, isNotNull(users.emailVerifiedAt)))
    .orderBy(asc(users.id))
    .for("no key update");
  return admins.map(({ id }) => id);
}

/** Whether nobody would be left among the active admins without this person. */
export function isLastAdmin(admins: readonly string[], userId: string): boolean {
  return admins.length === 1 && admins[0] === userId;
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

/**
 * Deletes a person whose row the transaction has locked, and by cascade their sessions, challenges, trusted and known
 * devices and mail. Guarantee: whoever waited for the row finds none.
 */
export async function deleteUser(transaction: Executor, userId: string): Promise<void> {
  await transaction.delete(users).where(eq(users.id, userId));
}

/**
 * Deletes up to `limit` people who were invited before `invitedBefore`, never came and hold no open invitation, and
 * returns their ids. Guarantee: whoever accepts, or is invited again, at this moment is passed over.
 */
export async function deleteUnacceptedUsers(
  db: Executor,
  { invitedBefore, limit }: { invitedBefore: Date; limit: number },
  now: Date,
): Promise<string[]> {
  const openInvitation = db
    .select({ id: challenges.id })
    .from(challenges)
    .where(
      and(
        eq(challenges.userId, users.id),
        eq(challenges.purpose, "invitation"),
        isNull(challenges.consumedAt),
        gt(challenges.expiresAt, now),
      ),
    );
  const forgotten = db
    .select({ id: users.id })
    .from(users)
    .where(
      and(
        isNull(users.passwordHash),
        isNull(users.emailVerifiedAt),
        lt(users.createdAt, invitedBefore),
        notExists(openInvitation),
      ),
    )
    .limit(limit)
    .for("update", { skipLocked: true });
  const gone = await db.delete(users).where(inArray(users.id, forgotten)).returning({ id: users.id });
  return gone.map(({ id }) => id);
}

export async function listUsers(db: Executor): Promise<User[]> {
  return db.select().from(users).orderBy(asc(users.createdAt), asc(users.id));
}

export async function anyUser(db: Executor): Promise<boolean> {
  return (await db.select({ id: users.id }).from(users).limit(1)).length > 0;
}
