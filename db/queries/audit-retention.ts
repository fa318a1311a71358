import { and, inArray, lt, sql } from "drizzle-orm";
import type { Executor } from "../client.ts";
import { auditEvents, users } from "../schema.ts";

/**
 * Whether this database account may change what the audit trail holds. An account that may only add to it is the safer
 * one to serve with (docs/operations.md); another then keeps the trail short.
 */
export async function mayChangeEvents(db: Executor): Promise<boolean> {
  const [row] = await db.execute<{ may: boolean }>(sql`
    select has_table_privilege('audit_events', 'update') and has_table_privilege('audit_events', 'delete') as may`);
  return row?.may ?? false;
}

/** Deletes up to `limit` events from before `before`; rows another process holds are left to it. */
export async function deleteEvents(db: Executor, before: Date, limit: number): Promise<number> {
  const old = db
    .select({ id: auditEvents.id })
    .from(auditEvents)
    .where(lt(auditEvents.createdAt, before))
    .limit(limit)
    .for("update", { skipLocked: true });
  const gone = await db
    .delete(auditEvents)
    .where(inArray(auditEvents.id, old))
    .returning({ id: auditEvents.id });
  return gone.length;
}

/**
 * Deletes up to `limit` events about people who deleted their account while it was served by an account that may only
 * add; the line that says so stays.
 */
export async function deleteEventsOfTheGone(db: Executor, limit: number): Promise<number> {
  const gone = await db.execute<{ id: string }>(sql`
    delete from ${auditEvents} where id in (
      select event.id from ${auditEvents} deletion
      join ${auditEvents} event on event.user_id = deletion.user_id and event.type <> 'user.deleted'
      where deletion.type = 'user.deleted' and not exists (select from ${users} where id = deletion.user_id)
      limit ${limit} for update of event skip locked)
    returning id`);
  return gone.length;
}

/** In words that the index of whole addresses knows: an IPv4 address is cut to its /24, an IPv6 address to its /48. */
const KEPT_BITS = sql`case family(${auditEvents.ip}) when 4 then 24 else 48 end`;

/** Shortens the addresses of up to `limit` events from before `before`; rows another process holds are left to it. */
export async function shortenAddresses(db: Executor, before: Date, limit: number): Promise<number> {
  const whole = db
    .select({ id: auditEvents.id })
    .from(auditEvents)
    .where(and(lt(auditEvents.createdAt, before), sql`masklen(${auditEvents.ip}) > ${KEPT_BITS}`))
    .limit(limit)
    .for("update", { skipLocked: true });
  const changed = await db
    .update(auditEvents)
    .set({ ip: sql`network(set_masklen(${auditEvents.ip}, ${KEPT_BITS}))` })
    .where(inArray(auditEvents.id, whole))
    .returning({ id: auditEvents.id });
  return changed.length;
}
