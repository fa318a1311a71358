import { and, asc, eq } from "drizzle-orm";
import type { Database } from "@/db/client.ts";
import { revokeSessions } from "@/db/queries/end-sessions.ts";
import type { RevokedReason, Session } from "@/db/queries/sessions.ts";
import { insertUser, type User } from "@/db/queries/users.ts";
import { auditEvents, sessions, users } from "@/db/schema.ts";
import { instant, secondsAfter } from "@/lib/base/clock.ts";
import { randomUUID } from "@/lib/base/crypto.ts";

/** A person with a proven address and no password: for tests that log nobody in, without the price of a hash. */
export async function insertPerson(db: Database, columns: Partial<User> = {}): Promise<User> {
  const id = randomUUID();
  const proven = instant("2026-01-01T00:00:00.000Z");
  const user = await insertUser(db, {
    id,
    email: `${id.slice(0, 18)}@example.com`,
    name: "",
    role: "user",
    emailVerifiedAt: proven,
    twoFactorEmail: false,
    createdAt: proven,
    ...columns,
  });
  if (!user) throw new Error("the address is taken");
  return user;
}

/** Every session row of a person, ended or not, oldest first. */
export function sessionsOf(db: Database, userId: string): Promise<Session[]> {
  return db
    .select()
    .from(sessions)
    .where(eq(sessions.userId, userId))
    .orderBy(asc(sessions.createdAt), asc(sessions.id));
}

/** One session row as it stands in the database now. */
export async function sessionRow(db: Database, id: string): Promise<Session> {
  const [row] = await db.select().from(sessions).where(eq(sessions.id, id));
  if (!row) throw new Error(`there is no session ${id}`);
  return row;
}

/** One person's row as it stands in the database now. */
export async function userRow(db: Database, id: string): Promise<User> {
  const [row] = await db.select().from(users).where(eq(users.id, id));
  if (!row) throw new Error(`there is no person ${id}`);
  return row;
}

/** What the audit trail says of a person, without how they came in: oldest first. */
export function eventsOf(db: Database, userId: string) {
  return db
    .select()
    .from(auditEvents)
    .where(eq(auditEvents.userId, userId))
    .orderBy(asc(auditEvents.createdAt), asc(auditEvents.id));
}

/** The type and session of each event of a person, but those of being made and of logging in. */
export async function endingsOf(db: Database, userId: string) {
  const events = await eventsOf(db, userId);
  return events
    .filter(({ type }) => type === "session.revoked" || type === "refresh_token.reused")
    .map(({ type, sessionId, data }) => ({ type, sessionId, reason: data.reason }));
}

/** Writes columns of a person past every verb, for states that no verb leads to yet. */
export async function writeUser(db: Database, id: string, columns: Partial<User>): Promise<void> {
  await db.update(users).set(columns).where(eq(users.id, id));
}

/** Writes columns of a session past every verb. */
export async function writeSession(db: Database, id: string, columns: Partial<Session>): Promise<void> {
  await db.update(sessions).set(columns).where(eq(sessions.id, id));
}

/** Live sessions of a person that nobody holds a token of, last used a second after each other from `first` on. */
export async function insertSessions(
  db: Database,
  user: User,
  count: number,
  first: Date,
): Promise<string[]> {
  const rows = Array.from({ length: count }, (_, index) => {
    const at = secondsAfter(first, index);
    const end = secondsAfter(at, 3 * 24 * 60 * 60);
    return {
      id: randomUUID(),
      userId: user.id,
      rotatedAt: at,
      createdAt: at,
      authenticatedAt: at,
      lastSeenAt: at,
      idleExpiresAt: end,
      expiresAt: end,
      amr: ["pwd"],
      ip: null,
      userAgent: "",
    };
  });
  await db.insert(sessions).values(rows);
  return rows.map(({ id }) => id);
}

/** Takes a session's row away, as a prune does long after its end. */
export async function deleteSession(db: Database, { id, userId }: Session): Promise<void> {
  await db.delete(sessions).where(and(eq(sessions.id, id), eq(sessions.userId, userId)));
}

/** Ends a session by nobody's act: only its row, and what other services are told, say so. */
export async function endSession(
  db: Database,
  owned: { sessionId: string; userId?: string },
  reason: RevokedReason,
  at: Date,
): Promise<void> {
  await revokeSessions(db, owned, { reason, at, until: at });
}
