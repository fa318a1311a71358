import {
  and,
  asc,
  eq,
  gt,
  gte,
  inArray,
  isNotNull,
  isNull,
  lt,
  lte,
  notInArray,
  or,
  type SQL,
  sql,
} from "drizzle-orm";
import { comparable, toComparable } from "../address.ts";
import type { Executor } from "../client.ts";
import { type challengePurposes, challenges, sessions } from "../schema.ts";

export type { Authorization, AuthorizationRequest } from "../schema.ts";

export type Challenge = typeof challenges.$inferSelect;
export type ChallengePurpose = (typeof challengePurposes)[number];

/** A challenge as its holder names it: the secret's hash, what it must be for, and the session that must have asked. */
export type ChallengeKey = { tokenHash: Buffer; purpose: ChallengePurpose; sessionId?: string };

export async function insertChallenge(
  db: Executor,
  challenge: typeof challenges.$inferInsert,
): Promise<Challenge> {
  const [row] = await db.insert(challenges).values(challenge).returning();
  if (!row) throw new Error("an insert without conflict clause returned no row");
  return row;
}

/** The challenge of that key, whatever its state. The purpose is part of the key: one door's secret opens no other. */
export async function findChallenge(db: Executor, key: ChallengeKey): Promise<Challenge | undefined> {
  const [row] = await db.select().from(challenges).where(withKey(key));
  return row;
}

/** The same, locked until the transaction ends: what it says of tries, mails and times stays true. */
export async function lockChallenge(
  transaction: Executor,
  key: ChallengeKey,
): Promise<Challenge | undefined> {
  const [row] = await transaction.select().from(challenges).where(withKey(key)).for("update");
  return row;
}

/**
 * Spends one try before anything is compared. Guarantee: of any number of simultaneous guesses at one challenge at
 * most as many get the row as it had tries.
 */
export async function spendTry(db: Executor, key: ChallengeKey, now: Date): Promise<Challenge | undefined> {
  const [row] = await db
    .update(challenges)
    .set({ triesLeft: sql`${challenges.triesLeft} - 1` })
    .where(and(withKey(key), open(now), gt(challenges.triesLeft, 0)))
    .returning();
  return row;
}

/** Takes a challenge as used. Guarantee: of simultaneous calls one gets the row, and nobody after it ended. */
export async function consumeChallenge(
  db: Executor,
  key: ChallengeKey,
  now: Date,
): Promise<Challenge | undefined> {
  const [row] = await db
    .update(challenges)
    .set({ consumedAt: now })
    .where(and(withKey(key), open(now)))
    .returning();
  return row;
}

/** Gives back what this very transaction took by `consumeChallenge`: nobody else has seen it used. */
export async function releaseChallenge(transaction: Executor, id: string): Promise<void> {
  await transaction.update(challenges).set({ consumedAt: null }).where(eq(challenges.id, id));
}

/** The challenge whose try was just spent and found right is used up with it. */
export async function consumeSpent(db: Executor, id: string, now: Date): Promise<void> {
  await db.update(challenges).set({ consumedAt: now }).where(eq(challenges.id, id));
}

/**
 * Gives an open challenge a new code if one more mail is allowed: the older code stops working, spent tries stay
 * spent. Guarantee: of simultaneous calls within the cool-down one gets the row.
 */
export async function replaceCode(
  db: Executor,
  key: ChallengeKey,
  renewal: { codeHash: Buffer; sentBefore: Date; expiresAt: Date },
  now: Date,
): Promise<Challenge | undefined> {
  const [row] = await db
    .update(challenges)
    .set({
      codeHash: renewal.codeHash,
      sentAt: now,
      expiresAt: renewal.expiresAt,
      sendsLeft: sql`${challenges.sendsLeft} - 1`,
    })
    .where(
      and(
        withKey(key),
        open(now),
        gt(challenges.triesLeft, 0),
        gt(challenges.sendsLeft, 0),
        lte(challenges.sentAt, renewal.sentBefore),
      ),
    )
    .returning();
  return row;
}

/**
 * Ends every pending proof of a person with one statement, reset links too.
 *
 * @param sparing purposes whose challenges stay as they are
 */
export async function endChallenges(
  db: Executor,
  userId: string,
  sparing: readonly ChallengePurpose[],
  now: Date,
): Promise<void> {
  await db
    .update(challenges)
    .set({ consumedAt: now })
    .where(
      and(
        eq(challenges.userId, userId),
        isNull(challenges.consumedAt),
        notInArray(challenges.purpose, [...sparing]),
      ),
    );
}

/**
 * Locks every open registration of an address until the transaction ends and returns their ids. Guarantee:
 * transactions that prove one address follow each other; locking in order of id keeps them from deadlock.
 */
export async function lockOpenRegistrations(
  transaction: Executor,
  email: string,
  now: Date,
): Promise<string[]> {
  const rows = await transaction
    .select({ id: challenges.id })
    .from(challenges)
    .where(
      and(
        eq(comparable(challenges.email), toComparable(email)),
        eq(challenges.purpose, "register"),
        open(now),
      ),
    )
    .orderBy(asc(challenges.id))
    .for("update");
  return rows.map(({ id }) => id);
}

/** Ends those challenges that the transaction has locked. */
export async function endLocked(transaction: Executor, ids: readonly string[], now: Date): Promise<void> {
  await transaction
    .update(challenges)
    .set({ consumedAt: now })
    .where(inArray(challenges.id, [...ids]));
}

/** The links by which a person's changes of address can still be undone, the oldest first. */
export async function listUndoLinks(db: Executor, userId: string, now: Date): Promise<Challenge[]> {
  return db
    .select()
    .from(challenges)
    .where(and(eq(challenges.userId, userId), eq(challenges.purpose, "undo-email-change"), open(now)))
    .orderBy(asc(challenges.createdAt), asc(challenges.id));
}

/** Ends a person's open links of these purposes that were made at `since` or later. */
export async function endLinksSince(
  db: Executor,
  userId: string,
  purposes: readonly ChallengePurpose[],
  since: Date,
  now: Date,
): Promise<void> {
  const theirs = and(eq(challenges.userId, userId), inArray(challenges.purpose, [...purposes]));
  await db
    .update(challenges)
    .set({ consumedAt: now })
    .where(and(theirs, isNull(challenges.consumedAt), gte(challenges.createdAt, since)));
}

/** Ends every open invitation that a person sent, with one statement. */
export async function endInvitationsBy(db: Executor, inviterId: string, now: Date): Promise<void> {
  const theirs = db.select({ id: sessions.id }).from(sessions).where(eq(sessions.userId, inviterId));
  await db
    .update(challenges)
    .set({ consumedAt: now })
    .where(
      and(
        eq(challenges.purpose, "invitation"),
        isNull(challenges.consumedAt),
        inArray(challenges.sessionId, theirs),
      ),
    );
}

/** Ends a person's open challenges of these purposes with one statement, so that a newer one stands alone. */
export async function supersedeChallenges(
  db: Executor,
  userId: string,
  purposes: readonly ChallengePurpose[],
  now: Date,
): Promise<void> {
  const superseded = inArray(challenges.purpose, [...purposes]);
  await db
    .update(challenges)
    .set({ consumedAt: now })
    .where(and(eq(challenges.userId, userId), superseded, isNull(challenges.consumedAt)));
}

/** Notes that a passkey is asked for to answer an open challenge; undefined where it is none any more. */
export async function askForPasskey(
  db: Executor,
  key: ChallengeKey,
  now: Date,
): Promise<Challenge | undefined> {
  const [row] = await db
    .update(challenges)
    .set({ passkeyAskedAt: now })
    .where(and(withKey(key), open(now), gt(challenges.triesLeft, 0)))
    .returning();
  return row;
}

/**
 * Deletes the ended proofs of an address, such as the registration that made its account, which hold a name and a
 * password's hash. One that is still open is somebody's who has no account yet, and stays.
 */
export async function deleteEndedProofsOf(db: Executor, email: string, now: Date): Promise<void> {
  await db
    .delete(challenges)
    .where(
      and(
        eq(comparable(challenges.email), toComparable(email)),
        or(isNotNull(challenges.consumedAt), lte(challenges.expiresAt, now)),
      ),
    );
}

/** Deletes up to `limit` challenges that ended before `endedBefore`. */
export async function deleteEndedChallenges(db: Executor, endedBefore: Date, limit: number): Promise<number> {
  const ended = db
    .select({ id: challenges.id })
    .from(challenges)
    .where(lt(challenges.expiresAt, endedBefore))
    .limit(limit)
    .for("update", { skipLocked: true });
  const gone = await db
    .delete(challenges)
    .where(sql`${challenges.id} in ${ended}`)
    .returning({ id: challenges.id });
  return gone.length;
}

function withKey({ tokenHash, purpose, sessionId }: ChallengeKey): SQL | undefined {
  const asked = sessionId === undefined ? undefined : eq(challenges.sessionId, sessionId);
  return and(eq(challenges.tokenHash, tokenHash), eq(challenges.purpose, purpose), asked);
}

function open(now: Date): SQL | undefined {
  return and(isNull(challenges.consumedAt), gt(challenges.expiresAt, now));
}
