import { and, asc, desc, eq, isNotNull, lt, ne, notExists, or, type SQL, sql } from "drizzle-orm";
import type { Database, Executor } from "../client.ts";
import { applications, deliveries } from "../schema.ts";

export type Delivery = typeof deliveries.$inferSelect;
/** One of the two addresses of an application. */
export type Receiver = Pick<Delivery, "applicationId" | "channel">;

/**
 * Every address for which something is due. Guarantee: without an application that has one, no other table is looked
 * at; with some, each costs one look into an index, however much waits.
 */
export async function listDueReceivers(db: Database, now: Date): Promise<Receiver[]> {
  const due = (channel: Receiver["channel"], address: SQL) => sql`
    select id as "applicationId", ${channel}::text as channel from ${applications}
    where ${address} is not null and exists (select from ${deliveries} where application_id = ${applications.id}
      and channel = ${channel} and state = 'waiting' and next_attempt_at <= ${now.toISOString()}::timestamptz)`;
  const rows = await db.execute<Receiver>(sql`
    ${due("backchannel", sql`${applications.backchannelAddress}`)}
    union all ${due("webhook", sql`${applications.webhookAddress}`)}`);
  return [...rows];
}

/**
 * Claims what has been due longest at an address until `leaseUntil`; undefined when nothing is. Guarantee: of any number
 * of workers in any number of processes one gets the row, and nobody else before the lease is over. A worker that dies
 * lets its lease run out and so gives the row back. What is about a person waits while something earlier about them was
 * not tried yet or is being tried for the first time; what has failed holds up nothing.
 */
export async function claimDelivery(
  db: Database,
  { applicationId, channel }: Receiver,
  now: Date,
  leaseUntil: Date,
): Promise<Delivery | undefined> {
  const at = now.toISOString();
  const [claimed] = await db
    .update(deliveries)
    .set({ attempts: sql`${deliveries.attempts} + 1`, nextAttemptAt: leaseUntil })
    .where(
      sql`${deliveries.id} = (
        select due.id from ${deliveries} as due
        where due.application_id = ${applicationId}::uuid and due.channel = ${channel} and due.state = 'waiting'
          and due.next_attempt_at <= ${at}::timestamptz
          and not exists (select from ${deliveries} as earlier
            where earlier.application_id = due.application_id and earlier.channel = due.channel
              and earlier.user_id = due.user_id and earlier.place < due.place
              and earlier.state = 'waiting' and earlier.last_answer is null)
        order by due.next_attempt_at, due.place limit 1 for update skip locked)`,
    )
    .returning();
  return claimed;
}

/** Records that it was taken, and forgets its content. True whoever claimed it since. */
export async function markDelivered(db: Database, { id }: Pick<Delivery, "id">, at: Date): Promise<void> {
  await db.update(deliveries).set({ state: "done", body: null, endedAt: at }).where(eq(deliveries.id, id));
}

/** Only the worker whose claim is the latest may say what comes next: its attempt carries the row's number. */
function stillClaimed({ id, attempts }: Delivery): SQL | undefined {
  return and(eq(deliveries.id, id), eq(deliveries.state, "waiting"), eq(deliveries.attempts, attempts));
}

/** Lets it wait until `nextAttemptAt`. */
export async function postponeDelivery(
  db: Database,
  claim: Delivery,
  lastAnswer: string,
  nextAttemptAt: Date,
): Promise<void> {
  await db.update(deliveries).set({ nextAttemptAt, lastAnswer }).where(stillClaimed(claim));
}

/** Ends what will not be tried again by itself. Its content stays, for an admin who has it sent again. */
export async function giveDeliveryUp(
  db: Database,
  claim: Delivery,
  lastAnswer: string,
  at: Date,
): Promise<void> {
  await db.update(deliveries).set({ state: "given-up", lastAnswer, endedAt: at }).where(stillClaimed(claim));
}

/** What an application was not told yet or not at all, newest first; no content among it. */
export async function listLeftDeliveries(db: Executor, applicationId: string, limit: number) {
  const { id, type, createdAt, attempts, state, nextAttemptAt, lastAnswer } = deliveries;
  return db
    .select({ id, type, createdAt, attempts, state, nextAttemptAt, lastAnswer })
    .from(deliveries)
    .where(and(eq(deliveries.applicationId, applicationId), ne(deliveries.state, "done")))
    .orderBy(desc(deliveries.createdAt), desc(deliveries.id))
    .limit(limit);
}

export type LeftDelivery = Awaited<ReturnType<typeof listLeftDeliveries>>[number];

/** Makes everything of an application that has failed due now, what was given up too; returns how many that are. */
export async function retryDeliveries(db: Executor, applicationId: string, now: Date): Promise<number> {
  const again = await db
    .update(deliveries)
    .set({ state: "waiting", endedAt: null, triedSince: now, nextAttemptAt: now })
    .where(
      and(
        eq(deliveries.applicationId, applicationId),
        ne(deliveries.state, "done"),
        isNotNull(deliveries.lastAnswer),
      ),
    )
    .returning({ id: deliveries.id });
  return again.length;
}

/** How much waits, and since when the oldest does. */
export async function measureDeliveries(db: Database): Promise<{ waiting: number; oldest: Date | null }> {
  const [row] = await db
    .select({
      waiting: sql<number>`count(*)::int`,
      oldest: sql<Date | null>`min(${deliveries.createdAt})`.mapWith(deliveries.createdAt),
    })
    .from(deliveries)
    .where(eq(deliveries.state, "waiting"));
  return { waiting: row?.waiting ?? 0, oldest: row?.oldest ?? null };
}

/** Forgets what was given up and says something of a person who is being deleted. */
export async function deleteGivenUpOf(transaction: Executor, userId: string): Promise<void> {
  await transaction
    .delete(deliveries)
    .where(and(eq(deliveries.userId, userId), eq(deliveries.state, "given-up")));
}

/** Deletes up to `limit` that ended before `endedBefore`, or whose application is gone. */
export async function deleteEndedDeliveries(db: Executor, endedBefore: Date, limit: number): Promise<number> {
  const application = db
    .select({ id: applications.id })
    .from(applications)
    .where(eq(applications.id, deliveries.applicationId));
  const past = db
    .select({ id: deliveries.id })
    .from(deliveries)
    .where(or(lt(deliveries.endedAt, endedBefore), notExists(application)))
    .orderBy(asc(deliveries.place))
    .limit(limit)
    .for("update", { skipLocked: true });
  const gone = await db
    .delete(deliveries)
    .where(sql`${deliveries.id} in (${past})`)
    .returning({ id: deliveries.id });
  return gone.length;
}
