import { and, desc, eq, gt, inArray, isNull, lt, min, ne, not, or, type SQL, sql } from "drizzle-orm";
import { secondsAfter } from "../../lib/clock.ts";
import type { Database, Executor } from "../client.ts";
import { prepared } from "../prepared.ts";
import { type revokedReasons, sessions, users } from "../schema.ts";

export type Session = typeof sessions.$inferSelect;
export type RevokedReason = (typeof revokedReasons)[number];

/** The columns a token is made from. */
const rotatedColumns = {
  id: sessions.id,
  userId: sessions.userId,
  generation: sessions.generation,
  rotatedAt: sessions.rotatedAt,
  authenticatedAt: sessions.authenticatedAt,
  idleExpiresAt: sessions.idleExpiresAt,
  expiresAt: sessions.expiresAt,
  amr: sessions.amr,
};
export type RotatedSession = Pick<Session, keyof typeof rotatedColumns>;

const now = sql.placeholder("now");
const notBefore = sql.placeholder("notBefore");

const rotateStatement = prepared((db) =>
  db
    .update(sessions)
    .set({
      generation: sql`${sessions.generation} + 1`,
      rotatedAt: sql`${now}`,
      lastSeenAt: sql`${now}`,
      idleExpiresAt: sql`least(${sql.placeholder("idleExpiresAt")}::timestamptz, ${sessions.expiresAt})`,
      retryKeyHash: sql`${sql.placeholder("retryKeyHash")}`,
      ip: sql`${sql.placeholder("ip")}`,
      userAgent: sql`${sql.placeholder("userAgent")}`,
      location: sql`${sql.placeholder("location")}`,
    })
    .from(users)
    .where(
      and(
        eq(sessions.id, sql.placeholder("id")),
        eq(sessions.generation, sql.placeholder("generation")),
        isNull(sessions.revokedAt),
        sql`${sessions.idleExpiresAt} > ${notBefore}::timestamptz`,
        sql`${sessions.expiresAt} > ${notBefore}::timestamptz`,
        eq(users.id, sessions.userId),
        users.isActive,
      ),
    )
    .returning(rotatedColumns)
    .prepare("rotate_session"),
);

export type Rotation = {
  id: string;
  generation: number;
  now: Date;
  /** Sessions that ended at or before this instant are not turned; `now` less the leeway. */
  notBefore: Date;
  idleExpiresAt: Date;
  retryKeyHash: Buffer | null;
  ip: string | null;
  userAgent: string;
  location: string | null;
};

/**
 * Turns a live session of an active person from `generation` to the next. Guarantee: of any number of
 * simultaneous calls for one generation, on any number of processes, at most one gets the row.
 */
export async function rotateSession(db: Database, rotation: Rotation): Promise<RotatedSession | undefined> {
  const [row] = await rotateStatement(db).execute({
    ...rotation,
    now: rotation.now.toISOString(),
    notBefore: rotation.notBefore.toISOString(),
    idleExpiresAt: rotation.idleExpiresAt.toISOString(),
  });
  return row;
}

const findStatement = prepared((db) =>
  db
    .select({ session: sessions, isActive: users.isActive })
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.userId))
    .where(eq(sessions.id, sql.placeholder("id")))
    .prepare("find_session"),
);

/** A session, ended or not, and whether its person is active. */
export async function findSession(db: Database, id: string) {
  const [row] = await findStatement(db).execute({ id });
  return row;
}

const findOwnerStatement = prepared((db) =>
  db
    .select({ session: sessions, user: users })
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.userId))
    .where(eq(sessions.id, sql.placeholder("id")))
    .prepare("find_session_owner"),
);

/** A session and its person: what a logged-in call needs, by one primary-key look-up. */
export async function findSessionWithOwner(db: Database, id: string) {
  const [row] = await findOwnerStatement(db).execute({ id });
  return row;
}

/** Sessions that can still be used at `now`. The index on live sessions of a person serves it. */
function live(at: Date): SQL | undefined {
  return and(isNull(sessions.revokedAt), gt(sessions.idleExpiresAt, at), gt(sessions.expiresAt, at));
}

export async function insertSession(db: Executor, session: typeof sessions.$inferInsert): Promise<Session> {
  const [row] = await db.insert(sessions).values(session).returning();
  if (!row) throw new Error("an insert without conflict clause returned no row");
  return row;
}

/** What a revocation touches: one session, or a person's. */
export type RevocationScope =
  | { sessionId: string; userId?: string }
  /** Only while it has been turned past this generation: the verdict "reuse" can't hit a session that was not. */
  | { sessionId: string; rotatedPast: number }
  | { userId: string; except?: string };

/** The largest LEEWAY: what ended by time within it can still be refreshed somewhere. */
export const LONGEST_LEEWAY_SECONDS = 60;

/**
 * Ends every live session in `scope`, and what a leeway could bring back, with one statement, however many there
 * are, and returns those it ended. Guarantee: of simultaneous calls each session is returned by one, so its end is
 * recorded once and with one reason.
 */
export async function revokeSessions(db: Executor, scope: RevocationScope, reason: RevokedReason, at: Date) {
  return db
    .update(sessions)
    .set({ revokedAt: at, revokedReason: reason })
    .where(and(live(secondsAfter(at, -LONGEST_LEEWAY_SECONDS)), inScope(scope)))
    .returning({ id: sessions.id, userId: sessions.userId });
}

function inScope(scope: RevocationScope): SQL | undefined {
  if ("rotatedPast" in scope) {
    return and(eq(sessions.id, scope.sessionId), gt(sessions.generation, scope.rotatedPast));
  }
  if ("sessionId" in scope) {
    return and(
      eq(sessions.id, scope.sessionId),
      scope.userId ? eq(sessions.userId, scope.userId) : undefined,
    );
  }
  return and(eq(sessions.userId, scope.userId), scope.except ? ne(sessions.id, scope.except) : undefined);
}

/**
 * Makes room for `session`, which was just made: ends the least recently used of the person's other live sessions, so
 * that `keep` are left with it. Those it ends get the reason `replaced` and are returned.
 */
export async function replaceSessionsOver(db: Executor, { id, userId }: Session, keep: number, at: Date) {
  const surplus = db
    .select({ id: sessions.id })
    .from(sessions)
    .where(and(eq(sessions.userId, userId), ne(sessions.id, id), live(at)))
    .orderBy(desc(sessions.lastSeenAt), desc(sessions.id))
    .offset(keep - 1);
  return db
    .update(sessions)
    .set({ revokedAt: at, revokedReason: "replaced" })
    .where(and(isNull(sessions.revokedAt), inArray(sessions.id, surplus)))
    .returning({ id: sessions.id, userId: sessions.userId });
}

export type SessionCursor = { lastSeenAt: Date; id: string };

/** A person's live sessions other than `except`, newest activity first, after `cursor`. */
export async function listLiveSessions(
  db: Executor,
  {
    userId,
    except,
    after,
    limit,
  }: { userId: string; except: string; after?: SessionCursor | undefined; limit: number },
  at: Date,
): Promise<Session[]> {
  const beyond =
    after && sql`(${sessions.lastSeenAt}, ${sessions.id}) < (${after.lastSeenAt.toISOString()}, ${after.id})`;
  return db
    .select()
    .from(sessions)
    .where(and(eq(sessions.userId, userId), ne(sessions.id, except), live(at), beyond))
    .orderBy(desc(sessions.lastSeenAt), desc(sessions.id))
    .limit(limit);
}

/** What these sessions ran on and are called, ended ones too, as far as they are this person's and still kept. */
export async function listDevicesOf(db: Executor, userId: string, ids: string[]) {
  return db
    .select({ id: sessions.id, name: sessions.name, userAgent: sessions.userAgent })
    .from(sessions)
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

/** Records that a live session's person just proved again who they are; undefined when it has ended. */
export async function recordAuthentication(db: Executor, id: string, at: Date) {
  const [row] = await db
    .update(sessions)
    .set({ authenticatedAt: at, lastSeenAt: at })
    .where(and(eq(sessions.id, id), live(at)))
    .returning();
  return row;
}

/** Records that a session was used, unless that is already recorded since `olderThan`. */
export async function touchSession(db: Executor, id: string, olderThan: Date, at: Date): Promise<void> {
  await db
    .update(sessions)
    .set({ lastSeenAt: at })
    .where(and(eq(sessions.id, id), isNull(sessions.revokedAt), not(gt(sessions.lastSeenAt, olderThan))));
}

/** Deletes every session of a person, ended or not, and with each the challenges that it asked for. */
export async function deleteSessionsOf(transaction: Executor, userId: string): Promise<void> {
  await transaction.delete(sessions).where(eq(sessions.userId, userId));
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
