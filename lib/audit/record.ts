import type { Executor } from "@/db/client.ts";
import { insertAuditEvents, insertSessionEvents } from "@/db/queries/audit-events.ts";
import { type PersonEvent, queuePersonEvent, queueSessionCreated } from "@/db/queries/queue-deliveries.ts";
import { randomUUID } from "@/lib/base/crypto.ts";
import type { AuditEventType } from "@/lib/contract/audit-events.ts";

/** The browser or program a request came from. */
export type Device = {
  ip: string | null;
  userAgent: string;
  /** City and country, where a trusted proxy said them. */
  location?: string | null;
  /** How it is given its tokens: in the body, or in cookies of ours. */
  delivery?: "json" | "cookie";
};

export type AuditEvent = {
  type: AuditEventType;
  userId?: string | undefined;
  actorId?: string | undefined;
  sessionId?: string | undefined;
  device?: Device | undefined;
  /** Facts for people to read; never a secret, a token or a password. */
  data?: Record<string, string | number | boolean | null>;
};

/** Records what happened at `at`, in the transaction that makes it happen, and queues word of it for applications. */
export function recordEvent(db: Executor, event: AuditEvent, at: Date): Promise<void> {
  return recordEvents(db, [event], at);
}

/** The same of several things that one transaction makes happen. */
export async function recordEvents(db: Executor, events: AuditEvent[], at: Date): Promise<void> {
  await insertAuditEvents(
    db,
    events.map((event) => ({
      ...columnsOf(event, at),
      id: randomUUID(),
      userId: event.userId,
      sessionId: event.sessionId,
    })),
  );
  for (const event of events) await tellApplications(db, event, at);
}

/** What of all this applications with a webhook are told, and as what. Ends of sessions are told by what ends them. */
const TOLD: Partial<Record<AuditEventType, PersonEvent | "session.created">> = {
  "user.created": "user.created",
  "user.invited": "user.created",
  "user.registered": "user.created",
  "user.renamed": "user.updated",
  "user.role_changed": "user.updated",
  "user.reactivated": "user.updated",
  "email.changed": "user.updated",
  "email.change_undone": "user.updated",
  "user.deactivated": "user.deactivated",
  "user.deleted": "user.deleted",
  "login.succeeded": "session.created",
  "application.opened": "session.created",
};

async function tellApplications(db: Executor, event: AuditEvent, at: Date): Promise<void> {
  const { type, userId, sessionId, data } = event;
  const told = TOLD[type];
  if (!told || !userId) return;
  if (told !== "session.created") {
    const accepted = type === "user.registered" && data?.by === "invitation";
    await queuePersonEvent(db, accepted ? "user.updated" : told, userId, at);
  } else if (sessionId) await queueSessionCreated(db, { id: sessionId, userId }, at);
}

/** Records the same of many sessions, each about its own person, with one statement however many there are. */
export async function recordForEach(
  db: Executor,
  sessions: { id: string; userId: string }[],
  event: Omit<AuditEvent, "userId" | "sessionId">,
  at: Date,
): Promise<void> {
  await insertSessionEvents(db, sessions, columnsOf(event, at));
}

function columnsOf({ type, actorId, device, data }: AuditEvent, at: Date) {
  return { type, createdAt: at, actorId, ip: device?.ip, userAgent: device?.userAgent, data: data ?? {} };
}
