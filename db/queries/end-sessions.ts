import { and, desc, eq, gt, inArray, isNull, ne, type SQL, sql } from "drizzle-orm";
import { secondsAfter } from "../../lib/base/clock.ts";
import type { Executor } from "../client.ts";
import { type RevocationReason, revocations, sessions } from "../schema.ts";
import { noteQueued, queueEnds } from "./queue-deliveries.ts";
import { live, type OwnedSession, type RevokedReason, type Session } from "./sessions.ts";

/** What a revocation touches: one session, or a person's. */
export type RevocationScope =
  | { sessionId: string; userId?: string }
  /** Only while it has been turned past this generation: the verdict "reuse" can't hit a session that was not. */
  | { sessionId: string; userId: string; rotatedPast: number }
  | { userId: string; except?: string }
  /** What was opened from these. */
  | { openedBy: readonly string[]; except?: string | undefined }
  | { applicationId: string };

/** How sessions end. */
export type End = {
  reason: RevokedReason;
  /** What other services are told, where that is something else. */
  told?: RevocationReason;
  at: Date;
  /** When the last access token of theirs has expired: until then it matters to other services. */
  until: Date;
};

/** Where the database tells those who listen that the log has grown, once a transaction is committed. */
export const REVOCATIONS_CHANNEL = "revocations";

/** The largest LEEWAY: what ended by time within it can still be refreshed somewhere. */
export const LONGEST_LEEWAY_SECONDS = 60;

/**
 * Ends every live session in `scope`, and what a leeway could bring back, with one statement, however many there
 * are, and returns those it ended. Guarantee: of simultaneous calls each session is returned by one, so its end is
 * recorded once and with one reason.
 */
export async function revokeSessions(db: Executor, scope: RevocationScope, end: End) {
  return endThose(db, and(live(secondsAfter(end.at, -LONGEST_LEEWAY_SECONDS)), inScope(scope)), end);
}

/**
 * Makes room for `session`, which was just made: ends the least recently used of the person's other live sessions, so
 * that `keep` are left with it. Those it ends are returned.
 */
export async function replaceSessionsOver(db: Executor, { id, userId }: Session, keep: number, end: End) {
  const surplus = db
    .select({ id: sessions.id })
    .from(sessions)
    .where(and(eq(sessions.userId, userId), ne(sessions.id, id), live(end.at)))
    .orderBy(desc(sessions.lastSeenAt), desc(sessions.id))
    .offset(keep - 1);
  const those = and(isNull(sessions.revokedAt), inArray(sessions.id, surplus));
  return endThose(db, those, end);
}

/** Deletes every session of a person, which the caller has ended, and with each the challenges that it asked for. */
export async function deleteSessionsOf(transaction: Executor, userId: string): Promise<void> {
  await transaction.delete(sessions).where(eq(sessions.userId, userId));
}

/** The one statement by which sessions end: what ends is in the log and the queue that others are told from, or nothing happened. */
async function endThose(db: Executor, those: SQL | undefined, end: End): Promise<OwnedSession[]> {
  const rows = await db.execute<OwnedSession & { queued: number }>(sql`
    with ended as (
      update ${sessions} set revoked_at = ${end.at.toISOString()}::timestamptz, revoked_reason = ${end.reason}
      where ${those} returning ${ENDED}
    ), ${tellOf(end)}
    select id, user_id as "userId", (select count(*)::int from queued) as queued from ended`);
  noteQueued(db, rows[0]?.queued ?? 0);
  return rows.map(({ id, userId }) => ({ id, userId }));
}

/** What a statement that ends sessions must return of each for `tellOf`. */
export const ENDED = sql`sessions.id, sessions.user_id, sessions.application_id, sessions.created_at`;

/**
 * The parts of a statement, after one called `ended`, that tell others of it: `told` writes the ends into the log, unless
 * `inLog` says that one entry stands for all; `queued` has a row for everything that applications are sent.
 */
export function tellOf({ reason, told = reason, at, until }: End, { inLog = true } = {}): SQL {
  const queued = sql`queued as (${queueEnds(sql`select * from ended`, { reason: told, at })})`;
  if (!inLog) return queued;
  return sql`told as (
    insert into ${revocations} (session_id, user_id, reason, at, until)
    select id, user_id, ${told}, ${at.toISOString()}::timestamptz, ${until.toISOString()}::timestamptz from ended
    returning pg_notify(${REVOCATIONS_CHANNEL}, '')), ${queued}`;
}

function inScope(scope: RevocationScope): SQL | undefined {
  if ("sessionId" in scope) {
    return and(
      eq(sessions.id, scope.sessionId),
      scope.userId ? eq(sessions.userId, scope.userId) : undefined,
      "rotatedPast" in scope ? gt(sessions.generation, scope.rotatedPast) : undefined,
    );
  }
  const spared = "except" in scope && scope.except ? ne(sessions.id, scope.except) : undefined;
  if ("openedBy" in scope) return and(inArray(sessions.openedBy, [...scope.openedBy]), spared);
  if ("applicationId" in scope) return eq(sessions.applicationId, scope.applicationId);
  return and(eq(sessions.userId, scope.userId), spared);
}
