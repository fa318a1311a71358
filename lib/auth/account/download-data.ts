import { readPersonalData } from "@/db/queries/personal-data.ts";
import { findUser, type User } from "@/db/queries/users.ts";
import { recordEvents } from "@/lib/audit/record.ts";
import { toPublicEvent } from "@/lib/auth/activity/list-own-events.ts";
import { lockCaller } from "@/lib/auth/sessions/lock-caller.ts";
import type { LoggedInCall } from "@/lib/auth/sessions/principal.ts";
import { requireRecentLogIn } from "@/lib/auth/sessions/require-recent-log-in.ts";
import { toPublicUser } from "@/lib/auth/sessions/shapes.ts";
import { bearerNotValid, type Failure } from "@/lib/contract/errors.ts";

/** Of each kind, so that what one person has gathered in years can't fill the memory; `incomplete` names what was cut. */
const ROWS_OF_A_KIND = 10_000;

type Held = Awaited<ReturnType<typeof readPersonalData>>;

/**
 * Everything that is held about the caller, all of one moment, without anything that opens a door: no hash, token,
 * code or text of a mail, and nothing of the admins who acted on the account.
 *
 * 1. the last proof of who they are is older than ten minutes → `recent_login_required`
 * 2. the session has ended by now, or the account is gone or inactive → refused as everywhere
 * 3. else → the data, and the audit trail says that it was downloaded
 */
export async function downloadData(
  call: LoggedInCall,
): Promise<{ kind: "gathered"; data: ReturnType<typeof toPersonalData> } | Failure> {
  const { app, principal, device, now } = call;
  const refused = requireRecentLogIn(call);
  if (refused) return refused;
  const { user, session } = principal;
  const found = await app.db.transaction(
    async (transaction) => {
      const person = await findUser(transaction, user.id);
      return person && { person, held: await readPersonalData(transaction, person, ROWS_OF_A_KIND + 1) };
    },
    { isolationLevel: "repeatable read", accessMode: "read only" },
  );
  const caller = await app.db.transaction(async (transaction) => {
    const locked = await lockCaller(transaction, call);
    if (locked.kind === "failure") return locked;
    const event = { type: "data.downloaded" as const, userId: user.id, sessionId: session.id, device };
    await recordEvents(transaction, [event], now);
    return locked;
  });
  if (caller.kind === "failure") return caller;
  if (!found) return bearerNotValid("invalid");
  return { kind: "gathered", data: toPersonalData(found.person, found.held, now) };
}

function toPersonalData(person: User, held: Held, now: Date) {
  const kept = <Row>(rows: Row[]) => rows.slice(0, ROWS_OF_A_KIND);
  return {
    downloaded_at: now.toISOString(),
    incomplete: Object.entries(held).flatMap(([kind, rows]) => (rows.length > ROWS_OF_A_KIND ? [kind] : [])),
    account: {
      ...toPublicUser(person),
      is_active: person.isActive,
      last_login_at: iso(person.lastLoginAt),
      wrong_codes_in_a_row: person.wrongCodes,
      codes_closed_until: iso(person.codesClosedUntil),
      held_until: iso(person.heldUntil),
    },
    sessions: kept(held.sessions).map(showSession),
    trusted_devices: kept(held.trusted_devices).map(showTrustedDevice),
    known_devices: kept(held.known_devices).map(showKnownDevice),
    passkeys: kept(held.passkeys).map(showPasskey),
    authenticator_apps: kept(held.authenticator_apps).map(showAuthenticatorApp),
    events: kept(held.events).map(toPublicEvent),
    mails: kept(held.mails).map(showMail),
    proofs: kept(held.proofs).map(showProof),
  };
}

function showSession(session: Held["sessions"][number]) {
  return {
    id: session.id,
    name: session.name,
    created_at: iso(session.createdAt),
    authenticated_at: iso(session.authenticatedAt),
    last_seen_at: iso(session.lastSeenAt),
    expires_at: iso(session.expiresAt),
    ended_at: iso(session.endedAt),
    ended_reason: session.endedReason,
    amr: session.amr,
    ip: session.ip,
    location: session.location,
    user_agent: session.userAgent,
    application: session.application,
    scope: session.scope,
    opened_by: session.openedBy,
  };
}

function showTrustedDevice(trusted: Held["trusted_devices"][number]) {
  return {
    id: trusted.id,
    created_at: iso(trusted.createdAt),
    last_used_at: iso(trusted.lastUsedAt),
    expires_at: iso(trusted.expiresAt),
    ip: trusted.ip,
    user_agent: trusted.userAgent,
  };
}

function showKnownDevice({ family, firstSeenAt }: Held["known_devices"][number]) {
  return { family, first_seen_at: iso(firstSeenAt) };
}

function showPasskey({ id, name, aaguid, synced, createdAt, lastUsedAt }: Held["passkeys"][number]) {
  return { id, name, aaguid, synced, created_at: iso(createdAt), last_used_at: iso(lastUsedAt) };
}

function showAuthenticatorApp({ createdAt, confirmedAt }: Held["authenticator_apps"][number]) {
  return { created_at: iso(createdAt), confirmed_at: iso(confirmedAt) };
}

function showMail({ kind, recipient, state, createdAt, sentAt }: Held["mails"][number]) {
  return { kind, recipient, state, created_at: iso(createdAt), sent_at: iso(sentAt) };
}

function showProof({ purpose, email, createdAt, expiresAt, endedAt }: Held["proofs"][number]) {
  return {
    purpose,
    email,
    created_at: iso(createdAt),
    expires_at: iso(expiresAt),
    ended_at: iso(endedAt),
  };
}

function iso(at: Date | null): string | null {
  return at?.toISOString() ?? null;
}
