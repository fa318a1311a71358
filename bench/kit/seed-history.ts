import type { App } from "@/lib/app/app.ts";

/** The least that a table of two months holds: half of the sessions ended early, many others by time. */
type Extent = { prefix: string; sessionsEach: number; events: number };

/**
 * Gives each person of `prefix` sessions from the last sixty days, in no order that an index could profit from, and
 * the audit trail that many events, a fifth of them brought about by twenty people. Indexes are built afterwards, which
 * takes a tenth of the time.
 */
export async function addHistory({ db }: App, { prefix, sessionsEach, events }: Extent): Promise<void> {
  const { $client: sql } = db;
  await sql`set maintenance_work_mem = '256MB'`;
  const indexes = await sql<{ name: string; text: string }[]>`
    select indexname as name, indexdef as text from pg_indexes
    where tablename in ('sessions', 'audit_events') and indexname not like '%_pkey'`;
  for (const { name } of indexes) await sql`drop index ${sql(name)}`;
  await sql`
    insert into sessions (id, user_id, rotated_at, created_at, authenticated_at, last_seen_at, idle_expires_at,
      expires_at, revoked_at, revoked_reason, amr, ip, user_agent)
    select gen_random_uuid(), user_id, at, at, at, at,
      least(case when stays < 0.6 then now() + interval '2 days' else at + interval '3 days' end, at + interval '30 days'),
      at + interval '30 days',
      case when ends < 0.5 then at + interval '1 hour' end,
      case when ends < 0.00005 then 'replaced' when ends < 0.4 then 'logged_out' when ends < 0.5 then 'revoked_by_owner' end,
      '{pwd}', ('10.' || (random() * 255)::int || '.' || (random() * 255)::int || '.' || (random() * 255)::int)::inet, repeat('x', 90)
    from (
      select id as user_id, random() as stays, random() as ends,
        date_trunc('milliseconds', now() - random() * interval '60 days') as at
      from generate_series(1, ${sessionsEach}::int), users where email like ${prefix}::text || '-%'
    ) as history`;
  await sql`
    insert into audit_events (id, type, created_at, user_id, actor_id, ip, user_agent, data)
    select gen_random_uuid(), (array['login.succeeded', 'session.revoked', 'login.failed'])[1 + i % 3],
      date_trunc('milliseconds', now() - random() * interval '180 days'), person.id,
      case when i % 5 = 0 then actor.id end, '10.0.0.0/24', repeat('x', 90), '{}'
    from generate_series(1, ${events}::int) as i
    join (select id, row_number() over () as n from users where email like ${prefix}::text || '-%') as person
      on person.n = 1 + i % 1000
    join (select id, row_number() over () as n from users where email like ${prefix}::text || '-%') as actor
      on actor.n = 1 + i / 5 % 20`;
  for (const { text } of indexes) await sql.unsafe(text);
  await sql`vacuum (analyze) sessions, users, audit_events`;
  await sql`checkpoint`.catch(() => {});
}
