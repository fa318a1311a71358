import type { Executor } from "@/db/client.ts";
import { replaceSessionsOver } from "@/db/queries/end-sessions.ts";
import { insertSession, type Session } from "@/db/queries/sessions.ts";
import { type User, updateUser } from "@/db/queries/users.ts";
import type { Call } from "@/lib/app/call.ts";
import { type AuditEvent, recordEvents } from "@/lib/audit/record.ts";
import { SESSIONS_PER_PERSON } from "@/lib/auth/limits/lifetimes.ts";
import { secondsAfter } from "@/lib/base/clock.ts";
import { randomUUID } from "@/lib/base/crypto.ts";
import { announceNewDevice } from "./announce-new-device.ts";
import { endNow } from "./end-sessions.ts";

/** Everything that was asked of a person has been proven; `amr` says how (RFC 8176). */
export type CompletedProof = { user: User; amr: readonly string[]; opened?: Opened };

/** A session that an application opens from a browser's: it stands on that one's log-in, and has the id of its code. */
type Opened = {
  id: string;
  from: Session;
  application: { id: string; name: string };
  scope: string;
};

/**
 * The one place where sessions are made. It must run in the transaction that claimed the proof, which has locked the
 * person's row: so log-ins of one person follow each other and the cap counts right.
 *
 * A person's sessions beyond the cap end, the least recently used first; a kind of device that is new to them is told
 * to them by mail. An application's session is no log-in of its own: nothing is told, and it says when and how the
 * person proved themselves to the browser that opened it, and where.
 */
export async function createSession(
  transaction: Executor,
  call: Call,
  { user, amr, opened }: CompletedProof,
): Promise<Session> {
  const { app, now } = call;
  const { ip, userAgent, location } = opened?.from ?? call.device;
  const device = { ip, userAgent, location };
  const { SESSION_MAX_LIFETIME, REFRESH_TOKEN_LIFETIME, UPDATE_LAST_LOGIN } = app.settings;
  const session = await insertSession(transaction, {
    id: opened?.id ?? randomUUID(),
    userId: user.id,
    rotatedAt: now,
    createdAt: now,
    authenticatedAt: opened?.from.authenticatedAt ?? now,
    lastSeenAt: now,
    idleExpiresAt: secondsAfter(now, Math.min(REFRESH_TOKEN_LIFETIME, SESSION_MAX_LIFETIME)),
    expiresAt: secondsAfter(now, SESSION_MAX_LIFETIME),
    amr: [...amr],
    delivery: opened ? "json" : (call.device.delivery ?? "json"),
    ...device,
    ...(opened && { applicationId: opened.application.id, scope: opened.scope, openedBy: opened.from.id }),
  });
  if (UPDATE_LAST_LOGIN && !opened) await updateUser(transaction, user.id, { lastLoginAt: now });
  const replaced = await replaceSessionsOver(
    transaction,
    session,
    SESSIONS_PER_PERSON,
    endNow(call, "replaced"),
  );
  const ends: AuditEvent[] = replaced.map(({ id, userId }) => ({
    type: "session.revoked",
    userId,
    sessionId: id,
    device,
    data: { reason: "replaced" },
  }));
  const begin: AuditEvent = {
    ...(opened
      ? { type: "application.opened", data: { application: opened.application.name } }
      : { type: "login.succeeded", data: { amr: amr.join(" ") } }),
    userId: user.id,
    sessionId: session.id,
    device,
  };
  await recordEvents(transaction, [...ends, begin], now);
  if (!opened) await announceNewDevice(transaction, call, user);
  return session;
}
