import { and, desc, eq, gt, inArray, isNull, lt, min, ne, not, or, type SQL, sql } from "drizzle-orm";
import type { Database, Executor } from "../client.ts";
import { isUuid } from "../is-uuid.ts";
import { prepared } from "../prepared.ts";
import { applications, type revokedReasons, sessions, users } from "../schema.ts";
import { shareTrips } from "../shared-trips/share-trips.ts";
import type { AskedPage } from "./keyset.ts";

export type Session = typeof sessions.$inferSelect;
/** Which session, and whose it is said to be. A statement that names both needs no other place than that person's. */
export type OwnedSession = Pick<Session, "id" | "userId">;
export type RevokedReason = (typeof revokedReasons)[number];

/**
 * Takes one of the `most` retries of a live session's generation. Guarantee: of any number of simultaneous calls, at
 * most that many get true for one generation.
 */
export async function takeRetry(
  db: Executor,
  { id, userId, generation }: Pick<Session, "id" | "userId" | "generation">,
  most: number,
): Promise<boolean> {
  const taken = await db
    .update(sessions)
    .set({ retries: sql`${sessions.retries} + 1` })
    .where(
      and(
        eq(sessions.id, id),
        eq(sessions.userId, userId),
        eq(sessions.generation, generation),
        isNull(sessions.revokedAt),
        lt(sessions.retries, most),
      ),
    )
    .returning({ id: sessions.id });
  return taken.length > 0;
}

const findStatement = prepared((db) =>
  db
    .select({ session: sessions, user: users })
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.userId))
    .where(
      and(
        sql`${sessions.id} = any(${sql.placeholder("ids")}::uuid[])`,
        sql`${sessions.userId} = any(${sql.placeholder("userIds")}::uuid[])`,
      ),
    )
    .prepare("find_sessions"),
);

const findTogether = prepared((db) =>
  shareTrips({
    send: async (asked: OwnedSession[]) => {
      const [ids, userIds] = [asked.map(({ id }) => id), asked.map(({ userId }) => userId)];
      const rows = await findStatement(db).execute({ ids, userIds });
      const found = new Map(rows.map((row) => [row.session.id + row.session.userId, row]));
      return asked.map(({ id, userId }) => found.get(id + userId));
    },
  }),
);

/**
 * A session of this person, ended or not, and the person: what a logged-in call needs, by one primary-key look-up that calls of one
 * moment share. Guarantee: the statement is sent after the call, so that what was committed before it is seen. What
 * two calls are told of one session may be one object: read it, don't change it.
 */
export async function findSessionWithOwner(db: Database, { id, userId }: OwnedSession) {
  if (!isUuid(id) || !isUuid(userId)) return undefined;
  return findTogether(db)({ id: id.toLowerCase(), userId: userId.toLowerCase() });
}

/** A session of this person, ended or not, and whether its person is active; found like `findSessionWithOwner`. */
export async function findSession(db: Database, owned: OwnedSession) {
  const found = await findSessionWithOwner(db, owned);
  return found && { session: found.session, isActive: found.user.isActive };
}

/** Sessions that can still be used `at` then. The index on live sessions of a person serves it. */
export function live(at: Date): SQL | undefined {
  return and(isNull(sessions.revokedAt), gt(sessions.idleExpiresAt, at), gt(sessions.expiresAt, at));
}

export async function insertSession(db: Executor, session: typeof sessions.$inferInsert): Promise<Session> {
  const [row] = await db.insert(sessions).values(session).returning();
  if (!row) throw new Error("an insert without conflict clause returned no row");
  return row;
}

/** A person's live sessions other than `except`, newest activity first, after the place of one. */
export async function listLiveSessions(
  db: Executor,
  { userId, except, after, limit }: AskedPage & { userId: string; except: string },
  at: Date,
): Promise<Session[]> {
  const beyond =
    after && sql`(${sessions.lastSeenAt}, ${sessions.id}) < (${after.at.toISOString()}, ${after.id})`;
  return db
    .select()
    .from(sessions)
    .where(and(eq(sessions.userId, userId), ne(sessions.id, except), live(at), beyond))
    .orderBy(desc(sessions.lastSeenAt), desc(sessions.id))
    .limit(limit);
}

/**
 * What these sessions ran on and are called, ended ones too, as far as they are this person's and still kept. Those of
 * applications have a `scope`, also where the application is gone.
 */
export async function listDevicesOf(db: Executor, userId: string, ids: string[]) {
  return db
    .select({
      id: sessions.id,
      name: sessions.name,
      userAgent: sessions.userAgent,
      scope: sessions.scope,
      application: applications.name,
    })
    .from(sessions)
    .leftJoin(applications, eq(applications.id, sessions.applicationId))
    .where(and(inArray(sessions.id, ids), eq(sessions.userId, userId)));
}

/** Gives a person's own live session a name; undefined when there is none. */
export async function nameSession(db: Executor, userId: string, id: string, name: string | null, at: Date) {
  const [row] = await db
    .update(sessions)
    .set({ name })
    .where(and(eq(sessions.id, id), eq(sessions.userId, userId), live(at)))
    .returning();
  return row;
}

/** A session, ended or not, that nobody can end, refresh or delete until the transaction is over. */
export async function lockSession(
  transaction: Executor,
  { id, userId }: OwnedSession,
): Promise<Session | undefined> {
  const owned = and(eq(sessions.id, id), eq(sessions.userId, userId));
  const [row] = await transaction.select().from(sessions).where(owned).for("no key update");
  return row;
}

/** What was opened from one session of a person counts as opened from another of theirs. */
export async function adoptOpened(
  transaction: Executor,
  userId: string,
  { from, to }: { from: string; to: string },
): Promise<void> {
  await transaction
    .update(sessions)
    .set({ openedBy: to })
    .where(and(eq(sessions.openedBy, from), eq(sessions.userId, userId)));
}

/**
 * Records that a live session's person just proved again who they are; undefined when it has ended.
 *
 * @param proof what they proved it by, which is added to what the session has; without `at` it renews no log-in
 */
export async function recordAuthentication(
  db: Executor,
  id: string,
  { amr, at }: { amr: readonly string[]; at?: Date | undefined },
  now: Date,
) {
  const words = sql.join(
    amr.map((word) => sql`${word}`),
    sql`, `,
  );
  const added = sql`select word from unnest(array[${words}]::text[]) word where word <> all(${sessions.amr})`;
  const [row] = await db
    .update(sessions)
    .set({ authenticatedAt: at, lastSeenAt: now, amr: sql`${sessions.amr} || array(${added})` })
    .where(and(eq(sessions.id, id), live(now)))
    .returning();
  return row;
}

/** Records that a session was used, unless that is already recorded since `olderThan`. */
export async function touchSession(
  db: Executor,
  { id, userId }: OwnedSession,
  olderThan: Date,
  at: Date,
): Promise<void> {
  await db
    .update(sessions)
    .set({ lastSeenAt: at })
    .where(
      and(
        eq(sessions.id, id),
        eq(sessions.userId, userId),
        isNull(sessions.revokedAt),
        not(gt(sessions.lastSeenAt, olderThan)),
      ),
    );
}

/**
 * Deletes up to `limit` sessions that were revoked, or reached their latest end, before `endedBefore`; rows another
 * process holds are left to it. Both columns are indexed and never changed by a refresh.
 */
export async function deleteEndedSessions(db: Executor, endedBefore: Date, limit: number): Promise<number> {
  const ended = db
    .select({ id: sessions.id })
    .from(sessions)
    .where(or(lt(sessions.revokedAt, endedBefore), lt(sessions.expiresAt, endedBefore)))
    .limit(limit)
    .for("update", { skipLocked: true });
  const gone = await db.delete(sessions).where(inArray(sessions.id, ended)).returning({ id: sessions.id });
  return gone.length;
}

/** When the session ended, or reaches its latest end, that did so first; null without any. Two index look-ups. */
export async function oldestEnd(db: Executor): Promise<Date | null> {
  const [row] = await db
    .select({ revoked: min(sessions.revokedAt), expires: min(sessions.expiresAt) })
    .from(sessions);
  const { revoked = null, expires = null } = row ?? {};
  return revoked && expires && revoked < expires ? revoked : (expires ?? revoked);
}
