import { and, eq, gte, lt } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import type { Executor } from "../client.ts";
import { auditEvents, users } from "../schema.ts";
import { beyond, findLastLookedAt, newestFirst, type Position, toPage, upTo } from "./keyset.ts";

/** Which events are meant; what is absent does not matter. */
export type EventFilter = {
  /** Whose account it is about. */
  userId?: string | undefined;
  type?: string | undefined;
  from?: Date | undefined;
  /** The first instant that is not meant any more. */
  to?: Date | undefined;
};

const actors = alias(users, "actors");
/** An event with the addresses of the people in it, as far as they still have an account. */
export type ListedEvent = {
  event: typeof auditEvents.$inferSelect;
  email: string | null;
  actorEmail: string | null;
};

/** One page of the audit trail, the newest first; of one person and one type at once it may be short. */
export async function listEvents(
  db: Executor,
  { userId, type, from, to }: EventFilter,
  { after, limit }: { after: Position | undefined; limit: number },
): Promise<{ rows: ListedEvent[]; next: Position | null }> {
  const ofUser = userId === undefined ? undefined : eq(auditEvents.userId, userId);
  const ofType = type === undefined ? undefined : eq(auditEvents.type, type);
  const between = and(from && gte(auditEvents.createdAt, from), to && lt(auditEvents.createdAt, to));
  const along = and(ofUser ?? ofType, between);
  const stopped = ofUser && ofType && (await findLastLookedAt(db, auditEvents, along, after));
  const rows = await db
    .select({ event: auditEvents, email: users.email, actorEmail: actors.email })
    .from(auditEvents)
    .leftJoin(users, eq(users.id, auditEvents.userId))
    .leftJoin(actors, eq(actors.id, auditEvents.actorId))
    .where(and(ofUser, ofType, between, beyond(auditEvents, after), upTo(auditEvents, stopped)))
    .orderBy(...newestFirst(auditEvents))
    .limit(limit + 1);
  return toPage(rows, limit, ({ event }) => event, stopped);
}
