import type { Executor } from "@/db/client.ts";
import { insertSession, replaceSessionsOver, type Session } from "@/db/queries/sessions.ts";
import type { User } from "@/db/queries/users.ts";
import type { App } from "@/lib/app.ts";
import { type AuditEvent, type Device, recordEvents } from "@/lib/audit.ts";
import { secondsAfter } from "@/lib/clock.ts";
import { randomUUID } from "@/lib/crypto.ts";
import { SESSIONS_PER_PERSON } from "./lifetimes.ts";

/** Everything that was asked of a person has been proven; `amr` says how (RFC 8176). */
export type CompletedProof = { user: User; amr: string[] };

/**
 * The one place where sessions are made. It must run in the transaction that claimed the proof, which holds the
 * person's row: so log-ins of one person follow each other and the cap counts right.
 *
 * A person's sessions beyond the cap end, the least recently used first.
 */
export async function createSession(
  transaction: Executor,
  { settings }: App,
  proof: CompletedProof,
  device: Device,
  now: Date,
): Promise<Session> {
  const expiresAt = secondsAfter(now, settings.SESSION_MAX_LIFETIME);
  const idleExpiresAt = secondsAfter(now, settings.REFRESH_TOKEN_LIFETIME);
  const session = await insertSession(transaction, {
    id: randomUUID(),
    userId: proof.user.id,
    rotatedAt: now,
    createdAt: now,
    authenticatedAt: now,
    lastSeenAt: now,
    idleExpiresAt: idleExpiresAt < expiresAt ? idleExpiresAt : expiresAt,
    expiresAt,
    amr: proof.amr,
    ...device,
  });
  const replaced = await replaceSessionsOver(transaction, proof.user.id, SESSIONS_PER_PERSON, now);
  const events: AuditEvent[] = replaced.map(({ id, userId }) => ({
    type: "session.revoked",
    userId,
    sessionId: id,
    device,
    data: { reason: "replaced" },
  }));
  events.push({
    type: "login.succeeded",
    userId: proof.user.id,
    sessionId: session.id,
    device,
    data: { amr: proof.amr.join(" ") },
  });
  await recordEvents(transaction, events, now);
  return session;
}
