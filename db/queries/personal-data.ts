import { and, desc, eq, isNull, or } from "drizzle-orm";
import { comparable, toComparable } from "../address.ts";
import type { Executor } from "../client.ts";
import {
  applications,
  challenges,
  knownDevices,
  outbox,
  passkeys,
  sessions,
  totpSecrets,
  trustedDevices,
  type users,
} from "../schema.ts";
import { listEventsOf } from "./audit-events.ts";

type Person = Pick<typeof users.$inferSelect, "id" | "email">;

/**
 * Everything that is kept about a person besides their own row, each kind newest first and at most `limit` of it. No
 * digest, secret or sealed mail is read at all. In a repeatable-read transaction all of it is of one moment.
 */
export async function readPersonalData(transaction: Executor, { id, email }: Person, limit: number) {
  return {
    sessions: await sessionsOf(transaction, id, limit),
    trusted_devices: await trustedDevicesOf(transaction, id, limit),
    known_devices: await knownDevicesOf(transaction, id, limit),
    passkeys: await passkeysOf(transaction, id, limit),
    authenticator_apps: await authenticatorAppsOf(transaction, id, limit),
    events: (await listEventsOf(transaction, { userId: id, limit })).rows,
    mails: await mailsTo(transaction, { id, email }, limit),
    proofs: await proofsOf(transaction, { id, email }, limit),
  };
}

function passkeysOf(db: Executor, userId: string, limit: number) {
  return db
    .select({
      id: passkeys.id,
      name: passkeys.name,
      aaguid: passkeys.aaguid,
      synced: passkeys.backedUp,
      createdAt: passkeys.createdAt,
      lastUsedAt: passkeys.lastUsedAt,
    })
    .from(passkeys)
    .where(eq(passkeys.userId, userId))
    .orderBy(desc(passkeys.createdAt), desc(passkeys.id))
    .limit(limit);
}

function authenticatorAppsOf(db: Executor, userId: string, limit: number) {
  return db
    .select({ createdAt: totpSecrets.createdAt, confirmedAt: totpSecrets.confirmedAt })
    .from(totpSecrets)
    .where(eq(totpSecrets.userId, userId))
    .orderBy(desc(totpSecrets.createdAt), desc(totpSecrets.id))
    .limit(limit);
}

function sessionsOf(db: Executor, userId: string, limit: number) {
  return db
    .select({
      id: sessions.id,
      name: sessions.name,
      createdAt: sessions.createdAt,
      authenticatedAt: sessions.authenticatedAt,
      lastSeenAt: sessions.lastSeenAt,
      expiresAt: sessions.idleExpiresAt,
      endedAt: sessions.revokedAt,
      endedReason: sessions.revokedReason,
      amr: sessions.amr,
      ip: sessions.ip,
      location: sessions.location,
      userAgent: sessions.userAgent,
      application: applications.name,
      scope: sessions.scope,
      openedBy: sessions.openedBy,
    })
    .from(sessions)
    .leftJoin(applications, eq(applications.id, sessions.applicationId))
    .where(eq(sessions.userId, userId))
    .orderBy(desc(sessions.createdAt), desc(sessions.id))
    .limit(limit);
}

function trustedDevicesOf(db: Executor, userId: string, limit: number) {
  return db
    .select({
      id: trustedDevices.id,
      createdAt: trustedDevices.createdAt,
      lastUsedAt: trustedDevices.lastUsedAt,
      expiresAt: trustedDevices.expiresAt,
      ip: trustedDevices.ip,
      userAgent: trustedDevices.userAgent,
    })
    .from(trustedDevices)
    .where(eq(trustedDevices.userId, userId))
    .orderBy(desc(trustedDevices.createdAt), desc(trustedDevices.id))
    .limit(limit);
}

function knownDevicesOf(db: Executor, userId: string, limit: number) {
  return db
    .select({ family: knownDevices.family, firstSeenAt: knownDevices.firstSeenAt })
    .from(knownDevices)
    .where(eq(knownDevices.userId, userId))
    .orderBy(desc(knownDevices.firstSeenAt), knownDevices.family)
    .limit(limit);
}

function mailsTo(db: Executor, { id, email }: Person, limit: number) {
  return db
    .select({
      kind: outbox.kind,
      recipient: outbox.recipient,
      state: outbox.state,
      createdAt: outbox.createdAt,
      sentAt: outbox.sentAt,
    })
    .from(outbox)
    .where(or(eq(outbox.userId, id), eq(comparable(outbox.recipient), toComparable(email))))
    .orderBy(desc(outbox.createdAt), desc(outbox.id))
    .limit(limit);
}

function proofsOf(db: Executor, { id, email }: Person, limit: number) {
  return db
    .select({
      purpose: challenges.purpose,
      email: challenges.email,
      createdAt: challenges.createdAt,
      expiresAt: challenges.expiresAt,
      endedAt: challenges.consumedAt,
    })
    .from(challenges)
    .where(
      or(
        eq(challenges.userId, id),
        and(isNull(challenges.userId), eq(comparable(challenges.email), toComparable(email))),
      ),
    )
    .orderBy(desc(challenges.createdAt), desc(challenges.id))
    .limit(limit);
}
