import { and, eq, gt, isNotNull, isNull, lte, type SQL, sql } from "drizzle-orm";
import type { Executor } from "../client.ts";
import { sessions, users } from "../schema.ts";
import { beyond, findLastLookedAt, newestFirst, type Position, toPage, upTo } from "./keyset.ts";
import type { RevokedReason, Session } from "./sessions.ts";

export type SessionState = "outstanding" | "blacklisted" | "expired";

/** Which sessions of anybody are meant; what is absent does not matter. */
export type SessionFilter = {
  userId?: string | undefined;
  state?: SessionState | undefined;
  /** An address or a network in CIDR notation. */
  ip?: string | undefined;
  reason?: RevokedReason | undefined;
};

/** A session with whose it is. */
export type OwnedSession = {
  session: Session;
  user: { id: string; email: string; name: string; isActive: boolean };
};

const owned = {
  session: sessions,
  user: { id: users.id, email: users.email, name: users.name, isActive: users.isActive },
};

/**
 * One page of everybody's sessions, ended or not, the newest first. No index may name what a refresh changes, the end
 * and the address among it (docs/decisions/0003): where the filter names those, a page looks at a bounded number of
 * rows along the best index and may be short.
 */
export async function listAnySessions(
  db: Executor,
  filter: SessionFilter,
  { after, limit }: { after: Position | undefined; limit: number },
  notBefore: Date,
): Promise<{ rows: OwnedSession[]; next: Position | null }> {
  if (filter.reason && filter.state && filter.state !== "blacklisted") return { rows: [], next: null };
  const { along, beside } = conditions(filter, notBefore);
  const stopped = beside && (await findLastLookedAt(db, sessions, along, after));
  const rows = await db
    .select(owned)
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.userId))
    .where(and(along, beside, beyond(sessions, after), upTo(sessions, stopped)))
    .orderBy(...newestFirst(sessions))
    .limit(limit + 1);
  return toPage(rows, limit, ({ session }) => session, stopped);
}

/** What of a filter the best index answers, and what each of its rows must be asked besides. */
function conditions({ userId, state, ip, reason }: SessionFilter, notBefore: Date) {
  const ofUser = userId === undefined ? undefined : eq(sessions.userId, userId);
  const forReason = reason && and(isNotNull(sessions.revokedAt), eq(sessions.revokedReason, reason));
  const revoked = state === "blacklisted" && !reason ? isNotNull(sessions.revokedAt) : undefined;
  const unrevoked = state && state !== "blacklisted" ? isNull(sessions.revokedAt) : undefined;
  const inTime = state && state !== "blacklisted" ? inState(state, notBefore) : undefined;
  const inNetwork = ip === undefined ? undefined : sql`${sessions.ip} <<= ${ip}::inet`;
  const [along, ...others] = [ofUser, forReason, revoked, unrevoked].filter(
    (condition) => condition !== undefined,
  );
  return { along, beside: and(...others, inTime, inNetwork) };
}

function inState(state: "outstanding" | "expired", notBefore: Date): SQL | undefined {
  return state === "expired"
    ? lte(sessions.idleExpiresAt, notBefore)
    : and(gt(sessions.idleExpiresAt, notBefore), users.isActive);
}

/** A session, ended or not, with whose it is. */
export async function findOwnedSession(db: Executor, id: string): Promise<OwnedSession | undefined> {
  const [row] = await db
    .select(owned)
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.userId))
    .where(eq(sessions.id, id));
  return row;
}

/** How many sessions of a person are in each state. */
export async function countSessionsByState(
  db: Executor,
  userId: string,
  notBefore: Date,
): Promise<Record<SessionState, number>> {
  const at = notBefore.toISOString();
  const [row] = await db
    .select({
      outstanding: sql<number>`count(*) filter (where ${sessions.revokedAt} is null and ${sessions.idleExpiresAt} > ${at})::int`,
      blacklisted: sql<number>`count(${sessions.revokedAt})::int`,
      expired: sql<number>`count(*) filter (where ${sessions.revokedAt} is null and ${sessions.idleExpiresAt} <= ${at})::int`,
    })
    .from(sessions)
    .where(eq(sessions.userId, userId));
  return row ?? { outstanding: 0, blacklisted: 0, expired: 0 };
}
