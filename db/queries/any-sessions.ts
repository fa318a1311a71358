import { and, eq, gt, isNotNull, isNull, lte, not, or, type SQL, sql } from "drizzle-orm";
import type { Executor } from "../client.ts";
import { applications, sessions, users } from "../schema.ts";
import {
  type AskedPage,
  beyond,
  type FoundPage,
  findLastLookedAt,
  newestFirst,
  toPage,
  upTo,
} from "./keyset.ts";
import type { RevokedReason, Session } from "./sessions.ts";

export type SessionState = "outstanding" | "blacklisted" | "expired";

/** Which sessions of anybody are meant; what is absent does not matter. */
export type SessionFilter = {
  userId?: string | undefined;
  state?: SessionState | undefined;
  /** An address or a network in CIDR notation. */
  ip?: string | undefined;
  applicationId?: string | undefined;
  reason?: RevokedReason | undefined;
};

/** A session with whose it is: a person's, and an application's where one opened it. */
export type OwnedSession = {
  session: Session;
  user: { id: string; email: string; name: string; isActive: boolean };
  application: { id: string; name: string } | null;
};

const owned = {
  session: sessions,
  user: { id: users.id, email: users.email, name: users.name, isActive: users.isActive },
  application: { id: applications.id, name: applications.name },
};

/**
 * One page of everybody's sessions, ended or not, the newest first. No index may name what a refresh changes, the end
 * and the address among it (docs/decisions/0003): where the filter names those, a page looks at a bounded number of
 * rows along the best index and may be short.
 *
 * Whoever is inactive has only sessions that ended, unless somebody wrote into the table by hand. Such a row is as good
 * as revoked, and found so where the filter names its person; no index leads to it from everybody's.
 */
export async function listAnySessions(
  db: Executor,
  filter: SessionFilter,
  { after, limit }: AskedPage,
  notBefore: Date,
): Promise<FoundPage<OwnedSession>> {
  if (filter.reason && filter.state && filter.state !== "blacklisted") return { rows: [], next: null };
  const { along, beside } = conditions(filter, notBefore);
  const stopped = beside && (await findLastLookedAt(db, sessions, along, after));
  const rows = await db
    .select(owned)
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.userId))
    .leftJoin(applications, eq(applications.id, sessions.applicationId))
    .where(and(along, beside, beyond(sessions, after), upTo(sessions, stopped)))
    .orderBy(...newestFirst(sessions))
    .limit(limit + 1);
  return toPage(rows, limit, ({ session: { createdAt: at, id } }) => ({ at, id }), stopped);
}

/** What of a filter the best index answers, and what each of its rows must be asked besides. */
function conditions({ userId, applicationId, state, ip, reason }: SessionFilter, notBefore: Date) {
  const ofUser = userId === undefined ? undefined : eq(sessions.userId, userId);
  const ofApplication = applicationId === undefined ? undefined : eq(sessions.applicationId, applicationId);
  const closed =
    ofUser && and(isNull(sessions.revokedAt), gt(sessions.idleExpiresAt, notBefore), not(users.isActive));
  const forReason =
    reason &&
    or(
      and(isNotNull(sessions.revokedAt), eq(sessions.revokedReason, reason)),
      reason === "account_deactivated" ? closed : undefined,
    );
  const revoked = state === "blacklisted" && !reason ? or(isNotNull(sessions.revokedAt), closed) : undefined;
  const unrevoked = state && state !== "blacklisted" ? isNull(sessions.revokedAt) : undefined;
  const inTime = state && state !== "blacklisted" ? inState(state, notBefore) : undefined;
  const inNetwork = ip === undefined ? undefined : sql`${sessions.ip} <<= ${ip}::inet`;
  const [along, ...others] = [ofUser, ofApplication, forReason, revoked, unrevoked].filter(
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
    .leftJoin(applications, eq(applications.id, sessions.applicationId))
    .where(eq(sessions.id, id));
  return row;
}

/** How many sessions of a person are in each state. */
export async function countSessionsByState(
  db: Executor,
  userId: string,
  notBefore: Date,
): Promise<Record<SessionState, number>> {
  const [live, inTime] = [isNull(sessions.revokedAt), gt(sessions.idleExpiresAt, notBefore)];
  const counted = (those: SQL | undefined) => sql<number>`count(*) filter (where ${those})::int`;
  const [row] = await db
    .select({
      outstanding: counted(and(live, inTime, users.isActive)),
      blacklisted: counted(or(not(live), and(inTime, not(users.isActive)))),
      expired: counted(and(live, not(inTime))),
    })
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.userId))
    .where(eq(sessions.userId, userId));
  return row ?? { outstanding: 0, blacklisted: 0, expired: 0 };
}
