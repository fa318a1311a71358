import { type SQL, sql } from "drizzle-orm";
import type { Executor } from "../client.ts";
import { applications, deliveries, sessions, users } from "../schema.ts";
import type { Delivery } from "./deliveries.ts";

/** The transactions in which something was queued. */
const queueing = new WeakSet<Executor>();

/** Whether something was queued in this transaction: once it is committed, a worker can be woken. */
export function hasQueued(transaction: Executor): boolean {
  return queueing.has(transaction);
}

/** Remembers it, where a statement says that it queued something. */
export function noteQueued(transaction: Executor, queued: number): void {
  if (queued > 0) queueing.add(transaction);
}

const COLUMNS = sql.raw(
  "id, application_id, channel, type, user_id, session_id, body, created_at, tried_since, next_attempt_at",
);

/**
 * The part of a statement that queues the end of sessions: a log-out for the application whose session ended, and word
 * of it for every application with a webhook. Where none has an address, it is one look at the applications.
 *
 * @param ended a query for `id`, `user_id`, `application_id` and `created_at` of those that the same statement ends
 */
export function queueEnds(ended: SQL, { reason, at }: { reason: string; at: Date }): SQL {
  const now = sql`${at.toISOString()}::timestamptz`;
  const about = sql`ended.user_id`;
  const person = reason === "account_deleted" ? idsOf(about) : personOf(about);
  const data = sql`json_build_object('user', ${person}, 'session', ${sessionOf(sql`ended`, sql`${reason}::text`)})`;
  return sql`
    insert into ${deliveries} (${COLUMNS})
    select gen_random_uuid(), receiver.id, 'backchannel', 'log_out', ended.user_id, ended.id, null, ${now}, ${now}, ${now}
    from (${ended}) as ended join ${applications} as receiver on receiver.id = ended.application_id
    where receiver.backchannel_address is not null
    union all
    select gen_random_uuid(), receiver.id, 'webhook', 'session.ended', ended.user_id, ended.id,
      ${bodyOf("session.ended", at, data)}, ${now}, ${now}, ${now}
    from (${ended}) as ended cross join ${applications} as receiver
    where receiver.webhook_address is not null
    returning 1`;
}

/** What can happen to a person, in a webhook's words. */
export type PersonEvent = Exclude<Delivery["type"], "log_out" | `session.${string}`>;

/** Queues word of what happened to a person for every application with a webhook, as they are now; of a deleted one only the ids. */
export async function queuePersonEvent(
  transaction: Executor,
  type: PersonEvent,
  userId: string,
  at: Date,
): Promise<void> {
  const about = sql`${userId}::uuid`;
  const person = type === "user.deleted" ? idsOf(about) : personOf(about);
  const data = sql`json_build_object('user', ${person})`;
  await queueWebhooks(transaction, { type, userId, sessionId: null, data }, at);
}

/** Queues word of a session that was just made. */
export async function queueSessionCreated(
  transaction: Executor,
  { id, userId }: { id: string; userId: string },
  at: Date,
): Promise<void> {
  const session = sql`(select ${sessionOf(sql`made`, sql`null`)} from ${sessions} as made where made.id = ${id}::uuid)`;
  const data = sql`json_build_object('user', ${personOf(sql`${userId}::uuid`)}, 'session', ${session})`;
  await queueWebhooks(transaction, { type: "session.created", userId, sessionId: id, data }, at);
}

async function queueWebhooks(
  transaction: Executor,
  { type, userId, sessionId, data }: Pick<Delivery, "type" | "userId" | "sessionId"> & { data: SQL },
  at: Date,
): Promise<void> {
  const now = sql`${at.toISOString()}::timestamptz`;
  const queued = await transaction.execute(sql`
    insert into ${deliveries} (${COLUMNS})
    select gen_random_uuid(), receiver.id, 'webhook', ${type}, ${userId}::uuid, ${sessionId}::uuid,
      ${bodyOf(type, at, data)}, ${now}, ${now}, ${now}
    from ${applications} as receiver where receiver.webhook_address is not null
    returning 1`);
  noteQueued(transaction, queued.length);
}

function bodyOf(type: Delivery["type"], at: Date, data: SQL): SQL {
  return sql`json_build_object('type', ${type}::text, 'timestamp', ${at.toISOString()}::text, 'data', ${data})::text`;
}

/** A person by the ids alone. */
function idsOf(userId: SQL): SQL {
  return sql`json_build_object('id', ${userId}, 'legacy_id', null)`;
}

/** A person as they are in this very statement. */
function personOf(userId: SQL): SQL {
  return sql`(select json_build_object('id', person.id, 'legacy_id', null, 'email', person.email, 'name', person.name,
    'role', person.role, 'is_active', person.is_active) from ${users} as person where person.id = ${userId})`;
}

function sessionOf(session: SQL, reason: SQL): SQL {
  return sql`json_build_object('id', ${session}.id, 'application',
    (select json_build_object('id', own.id, 'name', own.name) from ${applications} as own where own.id = ${session}.application_id),
    'created_at', to_char(${session}.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'reason', ${reason})`;
}
