import { and, eq, gte, lt } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import type { Executor } from "../client.ts";
import { auditEvents, users } from "../schema.ts";
import {
  type AskedPage,
  beyond,
  type FoundPage,
  findLastLookedAt,
  newestFirst,
  toPage,
  upTo,
} from "./keyset.ts";

/** Which events are meant; what is absent does not matter. */
export type EventFilter = {
  /** Whose account it is about. */
  userId?: string | undefined;
  /** Who did it, where that is somebody else. */
  actorId?: string | undefined;
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

/** One page of the audit trail, the newest first; where two of person, actor and type are given it may be short. */
export async function listEvents(
  db: Executor,
  { userId, actorId, type, from, to }: EventFilter,
  { after, limit }: AskedPage,
): Promise<FoundPage<ListedEvent>> {
  const ofUser = userId === undefined ? undefined : eq(auditEvents.userId, userId);
  const byActor = actorId === undefined ? undefined : eq(auditEvents.actorId, actorId);
  const ofType = type === undefined ? undefined : eq(auditEvents.type, type);
  const between = and(from && gte(auditEvents.createdAt, from), to && lt(auditEvents.createdAt, to));
  const [best, ...others] = [ofUser, byActor, ofType].filter((condition) => condition !== undefined);
  const along = and(best, between);
  const stopped = others.length > 0 ? await findLastLookedAt(db, auditEvents, along, after) : undefined;
  const rows = await db
    .select({ event: auditEvents, email: users.email, actorEmail: actors.email })
    .from(auditEvents)
    .leftJoin(users, eq(users.id, auditEvents.userId))
    .leftJoin(actors, eq(actors.id, auditEvents.actorId))
    .where(and(along, ...others, beyond(auditEvents, after), upTo(auditEvents, stopped)))
    .orderBy(...newestFirst(auditEvents))
    .limit(limit + 1);
  return toPage(rows, limit, ({ event: { createdAt: at, id } }) => ({ at, id }), stopped);
}
