import { and, asc, desc, eq, inArray, isNotNull, lt, lte, ne, sql } from "drizzle-orm";
import { comparable, toComparable } from "../address.ts";
import type { Database, Executor } from "../client.ts";
import { outbox, users } from "../schema.ts";

export type OutboxRow = typeof outbox.$inferSelect;
export type ClaimedMail = Pick<OutboxRow, "id" | "recipient" | "kind" | "sealed" | "attempts" | "expiresAt">;

/**
 * Adds mail in the caller's transaction: it is sent if and only if that commits. Without a recipient the same statement
 * with the same content adds nothing; nor is mail added about a person who has just been deleted, for nobody is there
 * to read it.
 */
export async function insertMail(
  transaction: Executor,
  mail: Pick<OutboxRow, "id" | "userId" | "kind" | "sealed" | "expiresAt"> & { recipient: string | null },
  at: Date,
): Promise<void> {
  const { id, userId, recipient, kind, sealed, expiresAt } = mail;
  await transaction.execute(sql`
    insert into ${outbox} (id, user_id, recipient, kind, sealed, state, created_at, next_attempt_at, expires_at)
    select id, user_id, recipient, kind, sealed, 'waiting', at, at, expires_at
    from (select ${id}::uuid as id, ${userId}::uuid as user_id, ${recipient}::text as recipient, ${kind}::text as kind,
      ${sealed}::bytea as sealed, ${at.toISOString()}::timestamptz as at, ${expiresAt.toISOString()}::timestamptz as expires_at) as mail
    where recipient is not null
      and (user_id is null or exists (select from ${users} where ${users.id} = mail.user_id for key share))`);
}

/**
 * Claims the mail that has been due longest until `leaseUntil`; undefined when none is due. Guarantee: of any number
 * of workers in any number of processes one gets the row, and nobody else before the lease is over. A worker that
 * dies lets its lease run out and so gives the row back.
 */
export async function claimMail(db: Database, now: Date, leaseUntil: Date): Promise<ClaimedMail | undefined> {
  const due = db.$with("due").as(
    db
      .select({ id: outbox.id })
      .from(outbox)
      .where(and(eq(outbox.state, "waiting"), lte(outbox.nextAttemptAt, now)))
      .orderBy(asc(outbox.nextAttemptAt))
      .limit(1)
      .for("update", { skipLocked: true }),
  );
  const [row] = await db
    .with(due)
    .update(outbox)
    .set({ attempts: sql`${outbox.attempts} + 1`, nextAttemptAt: leaseUntil })
    .where(inArray(outbox.id, db.select({ id: due.id }).from(due)))
    .returning({
      id: outbox.id,
      recipient: outbox.recipient,
      kind: outbox.kind,
      sealed: outbox.sealed,
      attempts: outbox.attempts,
      expiresAt: outbox.expiresAt,
    });
  return row;
}

/** Records that mail was handed over, and forgets its content unless `keepContent`. True whoever claimed it since. */
export async function markMailSent(
  db: Database,
  id: string,
  { keepContent }: { keepContent: boolean },
  at: Date,
): Promise<void> {
  await db
    .update(outbox)
    .set({ state: "sent", sentAt: at, lastError: null, ...(!keepContent && { sealed: null }) })
    .where(eq(outbox.id, id));
}

/** Only the worker whose claim is the latest may say what comes next: its attempt carries the row's number. */
function stillClaimed({ id, attempts }: Pick<ClaimedMail, "id" | "attempts">) {
  return and(eq(outbox.id, id), eq(outbox.state, "waiting"), eq(outbox.attempts, attempts));
}

/** Lets mail wait until `nextAttemptAt`. */
export async function postponeMail(
  db: Database,
  claim: ClaimedMail,
  lastError: string,
  nextAttemptAt: Date,
): Promise<void> {
  await db.update(outbox).set({ nextAttemptAt, lastError }).where(stillClaimed(claim));
}

/** Ends mail that will not be sent, and forgets its content. */
export async function giveMailUp(db: Database, claim: ClaimedMail, lastError: string): Promise<void> {
  await db.update(outbox).set({ state: "given-up", sealed: null, lastError }).where(stillClaimed(claim));
}

/** Mail whose content is still there, newest first; to one address, without regard to case, or to all. */
export async function listKeptMail(db: Database, to: string | null, limit: number): Promise<OutboxRow[]> {
  return db
    .select()
    .from(outbox)
    .where(
      and(
        isNotNull(outbox.sealed),
        to === null ? undefined : eq(comparable(outbox.recipient), toComparable(to)),
      ),
    )
    .orderBy(desc(outbox.createdAt), desc(outbox.id))
    .limit(limit);
}

/** How much mail waits, and since when the oldest does. */
export async function measureOutbox(db: Database): Promise<{ waiting: number; oldest: Date | null }> {
  const [row] = await db
    .select({
      waiting: sql<number>`count(*)::int`,
      oldest: sql<Date | null>`min(${outbox.createdAt})`.mapWith(outbox.createdAt),
    })
    .from(outbox)
    .where(eq(outbox.state, "waiting"));
  return { waiting: row?.waiting ?? 0, oldest: row?.oldest ?? null };
}

/** Deletes mail to an address that was sent or given up, whomever it was about. */
export async function deleteDoneMailTo(db: Executor, email: string): Promise<void> {
  await db
    .delete(outbox)
    .where(and(ne(outbox.state, "waiting"), eq(comparable(outbox.recipient), toComparable(email))));
}

/** Lets waiting mail of these kinds outlive the person it is about, where it goes to another address than theirs. */
export async function keepMailToOthers(
  db: Executor,
  { userId, email }: { userId: string; email: string },
  kinds: readonly string[],
): Promise<void> {
  await db
    .update(outbox)
    .set({ userId: null })
    .where(
      and(
        eq(outbox.userId, userId),
        eq(outbox.state, "waiting"),
        inArray(outbox.kind, [...kinds]),
        ne(comparable(outbox.recipient), toComparable(email)),
      ),
    );
}

/** Deletes up to `limit` mails that are done with and were written before `writtenBefore`. */
export async function deleteDoneMail(db: Executor, writtenBefore: Date, limit: number): Promise<number> {
  const done = db
    .select({ id: outbox.id })
    .from(outbox)
    .where(and(ne(outbox.state, "waiting"), lt(outbox.createdAt, writtenBefore)))
    .limit(limit)
    .for("update", { skipLocked: true });
  const gone = await db.delete(outbox).where(inArray(outbox.id, done)).returning({ id: outbox.id });
  return gone.length;
}
