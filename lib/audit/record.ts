import type { Executor } from "@/db/client.ts";
import { insertAuditEvents, insertSessionEvents } from "@/db/queries/audit-events.ts";
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

/** Records what happened at `at`, in the transaction that makes it happen. */
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
