import type { OwnedSession } from "@/db/queries/any-sessions.ts";
import type { ListedEvent } from "@/db/queries/list-events.ts";
import type { Moment } from "@/lib/app/call.ts";
import { endReason } from "@/lib/auth/sessions/end-reason.ts";
import { describeDevice } from "@/lib/base/describe-device.ts";
import type { AdminEvent, AdminSession, SessionState } from "@/lib/contract/admin.ts";
import type { EndReason } from "@/lib/contract/errors.ts";
import { refreshTokenId } from "@/lib/tokens/token-id.ts";

/** The tutorial's word for a token that ended for `reason`, or stands. */
export function stateFor(reason: EndReason | null): SessionState {
  if (reason === null) return "outstanding";
  return reason === "expired" ? "expired" : "blacklisted";
}

/**
 * Why a session ended, by its own row before its person: one that expired before they became inactive stays expired, as
 * the lists have it.
 */
export function endOf(call: Moment, { session, user }: OwnedSession): EndReason | null {
  return endReason(call, session, true) ?? endReason(call, session, user.isActive);
}

/** Anybody's session, built by naming fields; of its newest refresh token only the name. */
export function toAdminSession(call: Moment, owned: OwnedSession): AdminSession {
  const { app } = call;
  const { session, user, application } = owned;
  const reason = endOf(call, owned);
  return {
    id: session.id,
    user: { id: user.id, email: user.email, name: user.name },
    state: stateFor(reason),
    jti: refreshTokenId(app.tokens.keys.identity, session.id, session.generation),
    generation: session.generation,
    issued_at: session.rotatedAt.toISOString(),
    expires_at: session.idleExpiresAt.toISOString(),
    created_at: session.createdAt.toISOString(),
    last_seen_at: session.lastSeenAt.toISOString(),
    ip: session.ip,
    ...describeDevice(session.userAgent),
    location: session.location,
    amr: session.amr,
    application: application && { id: application.id, name: application.name },
    opened_by: session.openedBy,
    revoked_at: session.revokedAt?.toISOString() ?? null,
    reason,
  };
}

/** A line of the audit trail; of a person without an account any more only the id is left. */
export function toAdminEvent({ event, email, actorEmail }: ListedEvent): AdminEvent {
  const { browser, os } = describeDevice(event.userAgent ?? "");
  return {
    id: event.id,
    type: event.type,
    created_at: event.createdAt.toISOString(),
    user: event.userId === null ? null : { id: event.userId, email },
    actor: event.actorId === null ? null : { id: event.actorId, email: actorEmail },
    session_id: event.sessionId,
    ip: event.ip,
    browser,
    os,
    data: event.data,
  };
}
