import type { Session } from "@/db/queries/sessions.ts";
import type { User } from "@/db/queries/users.ts";
import { describeDevice } from "@/lib/base/describe-device.ts";
import type { PublicUser } from "@/lib/contract/account.ts";
import type { PublicSession } from "@/lib/contract/sessions.ts";

/** A person as the API shows them: built by naming fields, so that no new column leaks. */
export function toPublicUser(user: User): PublicUser {
  return {
    id: user.id,
    email: user.email,
    name: user.name,
    role: user.role,
    email_verified_at: user.emailVerifiedAt?.toISOString() ?? null,
    created_at: user.createdAt.toISOString(),
    two_factor: {
      email: user.twoFactorEmail,
      totp: user.totpSince !== null,
      passkeys: user.passkeys,
      recovery_codes_left: user.recoveryCodesLeft,
    },
  };
}

/**
 * A session as its owner sees it.
 *
 * @param applicationNames the names of applications by their `client_id`, of those that such a session is of
 */
export function toPublicSession(
  session: Session,
  { currentId, applicationNames }: { currentId: string; applicationNames: Map<string, string> },
): PublicSession {
  const { applicationId } = session;
  const applicationName = applicationId && applicationNames.get(applicationId);
  return {
    id: session.id,
    current: session.id === currentId,
    name: session.name,
    created_at: session.createdAt.toISOString(),
    last_seen_at: session.lastSeenAt.toISOString(),
    expires_at: session.idleExpiresAt.toISOString(),
    ip: session.ip,
    ...describeDevice(session.userAgent),
    location: session.location,
    amr: session.amr,
    application: applicationName ? { id: applicationId, name: applicationName } : null,
    opened_by: session.openedBy,
  };
}
