import { type SQL, sql } from "drizzle-orm";
import { secondsAfter } from "../../lib/base/clock.ts";
import type { Executor } from "../client.ts";
import { auditEvents, sessions } from "../schema.ts";
import type { NewAuditEvent } from "./audit-events.ts";
import { ENDED, type End, LONGEST_LEEWAY_SECONDS, tellOf } from "./end-sessions.ts";

/** Live sessions of anybody: of one person, from one address or network, of one application, or all. */
export type LiveFilter = {
  userId?: string | undefined;
  ip?: string | undefined;
  applicationId?: string | undefined;
};

/**
 * Which sessions a batch takes: those that a filter means, or, once those have ended, what applications opened from
 * them and is left.
 */
export type BatchOf = "matching" | "opened";

/** Where a batch ended, as exactly as the database keeps it. */
type BatchEnd = { at: string; id: string };

/** So many rows end with one statement: few enough that a refresh waits for none of them long. */
const BATCH = 5_000;
/** A filter by address reads the whole table once. */
const SCAN_TIMEOUT = sql`set local statement_timeout = '60s'`;

/** How many live sessions the filter means at `at`, with what a leeway could bring back. */
export async function countLive(db: Executor, filter: LiveFilter, at: Date): Promise<number> {
  return db.transaction(async (transaction) => {
    await transaction.execute(SCAN_TIMEOUT);
    const [row] = await transaction.execute<{ count: number }>(
      sql`select count(*)::int as count from ${sessions} where ${matching(filter, at)}`,
    );
    return row?.count ?? 0;
  });
}

/**
 * Ends up to 5,000 of the sessions that the filter means and records each, with one statement, and tells where to go
 * on. Guarantee: of simultaneous calls each session is ended and recorded by one. It passes over rows that another
 * transaction holds, so that it never waits while it holds rows itself; with `wait` it takes one row and waits for it.
 *
 * Where the filter means somebody in particular, other services are told by the same statement; where it means everybody,
 * by one entry that stands for all. Applications with an address are told of each.
 *
 * What was opened comes in batches of its own, after the others were committed: from a session that has ended nothing is
 * opened any more, and what was opened while one of them waited is seen.
 */
export async function revokeMatching(
  db: Executor,
  filter: LiveFilter,
  { of, after, wait }: { of: BatchOf; after?: BatchEnd | undefined; wait: boolean },
  event: Omit<NewAuditEvent, "id" | "userId" | "sessionId">,
  { at, until }: Pick<End, "at" | "until">,
): Promise<{ ended: number; last: BatchEnd | undefined }> {
  const those = of === "matching" ? matching(filter, at) : openedFromMatching(filter, at);
  const reason = "revoked_by_admin";
  const told = tellOf({ reason, at, until }, { inLog: !isEverybody(filter) });
  const next = after ? sql`and (created_at, id) < (${after.at}::timestamptz, ${after.id}::uuid)` : sql``;
  return db.transaction(async (transaction) => {
    await transaction.execute(SCAN_TIMEOUT);
    const [row] = await transaction.execute<{ ended: number; at: string | null; id: string | null }>(sql`
      with batch as materialized (
        select id, created_at from ${sessions} where ${those} ${next}
        order by created_at desc, id desc
        ${wait ? sql`limit 1 for no key update` : sql`limit ${sql.raw(String(BATCH))} for no key update skip locked`}
      ), ended as (
        update ${sessions} set revoked_at = ${at.toISOString()}::timestamptz, revoked_reason = ${reason}
        from batch where sessions.id = batch.id returning ${ENDED}
      ), recorded as (
        insert into ${auditEvents} (id, type, created_at, user_id, actor_id, session_id, ip, user_agent, data)
        select gen_random_uuid(), ${event.type}, ${event.createdAt.toISOString()}::timestamptz, ended.user_id,
          ${event.actorId ?? null}::uuid, ended.id, ${event.ip ?? null}::inet, ${event.userAgent ?? null},
          ${JSON.stringify(event.data)}::jsonb
        from ended
      ), ${told}
      select (select count(*)::int from ended) as ended, last.created_at as at, last.id
      from (select 1) as one left join lateral
        (select created_at, id from batch order by created_at, id limit 1) as last on true`);
    const last = row?.id && row.at ? { at: row.at, id: row.id } : undefined;
    return { ended: row?.ended ?? 0, last };
  });
}

/** What means everybody has one entry in the log, which the caller writes. */
export function isEverybody({ userId, ip, applicationId }: LiveFilter): boolean {
  return userId === undefined && ip === undefined && applicationId === undefined;
}

function matching(filter: LiveFilter, at: Date): SQL {
  return sql`${live(at)} and created_at <= ${at.toISOString()}::timestamptz ${within(filter)}`;
}

/** What is live and was opened from those that an admin has ended, by this call or by one that broke off. */
function openedFromMatching(filter: LiveFilter, at: Date): SQL {
  return sql`${live(at)} and opened_by in (
    select id from ${sessions} where revoked_reason = 'revoked_by_admin' ${within(filter)})`;
}

function live(at: Date): SQL {
  const notBefore = secondsAfter(at, -LONGEST_LEEWAY_SECONDS);
  return sql`revoked_at is null and idle_expires_at > ${notBefore.toISOString()}::timestamptz`;
}

function within({ userId, ip, applicationId }: LiveFilter): SQL {
  const whose = userId === undefined ? sql`` : sql`and user_id = ${userId}::uuid`;
  const where = ip === undefined ? sql`` : sql`and ip <<= ${ip}::inet`;
  const whereto = applicationId === undefined ? sql`` : sql`and application_id = ${applicationId}::uuid`;
  return sql`${whose} ${where} ${whereto}`;
}
