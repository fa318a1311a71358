import { sql } from "drizzle-orm";
import {
  type AnyPgColumn,
  bigint,
  boolean,
  check,
  customType,
  index,
  inet,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";
import { comparable } from "./address.ts";

/** A transaction's number, which never comes again in this cluster. */
const xid8 = customType<{ data: string }>({ dataType: () => "xid8" });
const bytea = customType<{ data: Buffer }>({ dataType: () => "bytea" });

/** `column` holds one of `values`: a check constraint for a closed set, whose words stand once. */
const oneOf = (column: AnyPgColumn, values: readonly string[]) =>
  sql`${column} in (${sql.raw(values.map((value) => `'${value}'`).join(", "))})`;

const instantColumn = (name: string) => timestamp(name, { withTimezone: true, mode: "date" });

/** What a person may do. */
const roles = ["user", "admin"] as const;

/** A person with an account. */
export const users = pgTable(
  "users",
  {
    id: uuid("id").primaryKey(),
    /** As mail is sent to it: ASCII, at most 254 characters; unique without regard to case. */
    email: text("email").notNull(),
    name: text("name").notNull(),
    /** The start of the name in lower case, to search by: what the database calls lower depends on its locale. */
    nameStart: text("name_start").notNull().default(""),
    role: text("role", { enum: roles }).notNull(),
    /** argon2id in PHC format; null for a person who was invited and has not chosen one. */
    passwordHash: text("password_hash"),
    isActive: boolean("is_active").notNull().default(true),
    /** Null until the address is proven; such an account cannot log in. */
    emailVerifiedAt: instantColumn("email_verified_at"),
    /** Whether a code by e-mail is asked at log-in. */
    twoFactorEmail: boolean("two_factor_email").notNull(),
    createdAt: instantColumn("created_at").notNull(),
    lastLoginAt: instantColumn("last_login_at"),
    /** Wrong codes in a row, over all challenges and closures; a right one sets it to 0. */
    wrongCodes: integer("wrong_codes").notNull().default(0),
    /** While this is in the future, no code of this person is compared. */
    codesClosedUntil: instantColumn("codes_closed_until"),
    /** When the person was last told that the present row of wrong codes closed code entry. */
    codesClosedToldAt: instantColumn("codes_closed_told_at"),
    /** The person's strong factors, counted from their tables whenever one changes: one row says what a log-in asks. */
    totpSince: instantColumn("totp_since"),
    passkeys: integer("passkeys").notNull().default(0),
    recoveryCodesLeft: integer("recovery_codes_left").notNull().default(0),
    /** What authenticators call the person: random, and made with the first passkey. */
    passkeyHandle: bytea("passkey_handle"),
    /** Somebody else took the strong factors away: until then the account can do nothing that hurts. */
    heldUntil: instantColumn("held_until"),
  },
  (table) => [
    uniqueIndex("users_email_unique").on(comparable(table.email)),
    /** These two where the database has `pg_trgm`: their migration leaves them out elsewhere. */
    index("users_email_parts").using("gin", sql`${comparable(table.email)} gin_trgm_ops`),
    index("users_name_parts").using("gin", table.nameStart.op("gin_trgm_ops")),
    uniqueIndex("users_passkey_handle")
      .on(table.passkeyHandle)
      .where(sql`${table.passkeyHandle} is not null`),
    index("users_created").on(table.createdAt, table.id),
    index("users_active_created").on(table.isActive, table.createdAt, table.id),
    index("users_role_created").on(table.role, table.createdAt, table.id),
    check("users_role", oneOf(table.role, roles)),
    check("users_factors", sql`${table.passkeys} >= 0 and ${table.recoveryCodesLeft} >= 0`),
    check("users_email_ascii", sql`${table.email} ~ '^[!-~]{3,254}$'`),
  ],
);

/** A product of the operator's own that people log in to through our pages: an OAuth client. */
export const applications = pgTable("applications", {
  /** Its `client_id`. */
  id: uuid("id").primaryKey(),
  name: text("name").notNull(),
  /** Where its log-ins may end, compared exactly. */
  redirectAddresses: text("redirect_addresses").array().notNull(),
  /** Where a browser may be sent after a log-out that it asked for. */
  loggedOutAddresses: text("logged_out_addresses").array().notNull(),
  /** Keyed hash of its secret; null for a public one, which can keep none. */
  secretHash: bytea("secret_hash"),
  /** The secret before, and until when it still counts. */
  previousSecretHash: bytea("previous_secret_hash"),
  previousSecretUntil: instantColumn("previous_secret_until"),
  /** Where it is told that a session of its own ended (OpenID Connect Back-Channel Logout). */
  backchannelAddress: text("backchannel_address"),
  /** Where it is told what happens to people and sessions. */
  webhookAddress: text("webhook_address"),
  /** What those messages are signed with, encrypted for this row, and which key that is encrypted with. */
  webhookSecret: bytea("webhook_secret"),
  webhookKeyId: text("webhook_key_id"),
  /** The same of the secret before, and until when messages are signed with it too. */
  previousWebhookSecret: bytea("previous_webhook_secret"),
  previousWebhookKeyId: text("previous_webhook_key_id"),
  previousWebhookUntil: instantColumn("previous_webhook_until"),
  createdAt: instantColumn("created_at").notNull(),
});

/** How a client keeps its tokens: itself, or in cookies of ours. */
const tokenDeliveries = ["json", "cookie"] as const;

/** Why a session ended before its time. The texts are the contract's `reason`. */
export const revokedReasons = [
  "token_reused",
  "logged_out",
  "logged_out_everywhere",
  "revoked_by_owner",
  "revoked_by_admin",
  "password_changed",
  "account_deactivated",
  "replaced",
] as const;

/**
 * One log-in on one device, which is one token family: every refresh turns this row over and adds none.
 * No index names a column that a refresh changes, so that the update stays HOT; `fillfactor` leaves it room.
 */
export const sessions = pgTable(
  "sessions",
  {
    id: uuid("id").primaryKey(),
    userId: uuid("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    /** The refresh token that carries this number is outstanding, every lower one is blacklisted. */
    generation: integer("generation").notNull().default(1),
    /** When the present generation began: `iat` of both its tokens. */
    rotatedAt: instantColumn("rotated_at").notNull(),
    /** Keyed hash of the Idempotency-Key that won the present generation. */
    retryKeyHash: bytea("retry_key_hash"),
    /** How the log-in handed its tokens out. Null in rows older than this column, until their next refresh says it. */
    delivery: text("delivery", { enum: tokenDeliveries }),
    /** How often the retry window gave the present generation's pair again. */
    retries: integer("retries").notNull().default(0),
    /** Refreshes that follow each other within the retry window: the first generation they spent, and when. */
    spentFrom: integer("spent_from"),
    spentAt: instantColumn("spent_at"),
    createdAt: instantColumn("created_at").notNull(),
    /** When the person last proved who they are: `auth_time`. */
    authenticatedAt: instantColumn("authenticated_at").notNull(),
    lastSeenAt: instantColumn("last_seen_at").notNull(),
    /** End of the present refresh token, never after `expires_at`. */
    idleExpiresAt: instantColumn("idle_expires_at").notNull(),
    /** End of the session however often it is refreshed. */
    expiresAt: instantColumn("expires_at").notNull(),
    revokedAt: instantColumn("revoked_at"),
    revokedReason: text("revoked_reason", { enum: revokedReasons }),
    /** What was proven at log-in, in the words of RFC 8176. */
    amr: text("amr").array().notNull(),
    /** Where the present generation went, as far as the request said: who won it. */
    ip: inet("ip"),
    userAgent: text("user_agent").notNull(),
    /** City and country, where a trusted proxy said them. */
    location: text("location"),
    /** What the person calls this device. */
    name: text("name"),
    /** The application whose session it is; null for a browser or program of the person's own. */
    applicationId: uuid("application_id").references(() => applications.id, { onDelete: "set null" }),
    /** What an application asked to learn: scopes, with spaces between. */
    scope: text("scope"),
    /** The browser's session that an application's was opened from. */
    openedBy: uuid("opened_by").references((): AnyPgColumn => sessions.id, { onDelete: "set null" }),
  },
  (table) => [
    index("sessions_application_created")
      .on(table.applicationId, table.createdAt, table.id)
      .where(sql`${table.applicationId} is not null`),
    index("sessions_opened_by").on(table.openedBy).where(sql`${table.openedBy} is not null`),
    index("sessions_user_live").on(table.userId).where(sql`${table.revokedAt} is null`),
    index("sessions_expires").on(table.expiresAt),
    index("sessions_ended").on(table.revokedAt).where(sql`${table.revokedAt} is not null`),
    index("sessions_created").on(table.createdAt, table.id),
    index("sessions_user_created").on(table.userId, table.createdAt, table.id),
    index("sessions_unrevoked_created").on(table.createdAt, table.id).where(sql`${table.revokedAt} is null`),
    index("sessions_revoked_created")
      .on(table.createdAt, table.id)
      .where(sql`${table.revokedAt} is not null`),
    index("sessions_reason_created")
      .on(table.revokedReason, table.createdAt, table.id)
      .where(sql`${table.revokedAt} is not null`),
    check("sessions_generation", sql`${table.generation} >= 1`),
    check("sessions_delivery", oneOf(table.delivery, tokenDeliveries)),
    check("sessions_spent", sql`(${table.spentFrom} is null) = (${table.spentAt} is null)`),
    check("sessions_ends", sql`${table.idleExpiresAt} <= ${table.expiresAt}`),
    check("sessions_revoked", sql`(${table.revokedAt} is null) = (${table.revokedReason} is null)`),
    check("sessions_revoked_reason", oneOf(table.revokedReason, revokedReasons)),
  ],
);

/** What other services are told: that a session ended, and why. */
export const revocationReasons = [...revokedReasons, "account_deleted"] as const;
export type RevocationReason = (typeof revocationReasons)[number];

/**
 * The ends of sessions, for services that verify access tokens themselves: written by the statement that ends one, kept
 * while it matters to a reader who was away. An entry outlives the session and the person that it is about.
 */
export const revocations = pgTable(
  "revocations",
  {
    /** An order to read them in; what commits later may have a lower one. */
    id: bigint("id", { mode: "number" }).primaryKey().generatedAlwaysAsIdentity(),
    /** Which transaction wrote it: whoever kept what was visible to them finds what was not. */
    writtenBy: xid8("written_by").notNull().default(sql`pg_current_xact_id()`),
    /** Null where an admin ended everybody's. */
    sessionId: uuid("session_id"),
    userId: uuid("user_id"),
    reason: text("reason", { enum: revocationReasons }).notNull(),
    at: instantColumn("at").notNull(),
    /** When the last access token of the session has expired. */
    until: instantColumn("until").notNull(),
  },
  (table) => [
    index("revocations_written_by").on(table.writtenBy),
    index("revocations_until").on(table.until),
    check("revocations_about", sql`(${table.sessionId} is null) = (${table.userId} is null)`),
    check("revocations_reason", oneOf(table.reason, revocationReasons)),
  ],
);

/** What a challenge can be for. A proof for one purpose is worth nothing for another. */
export const challengePurposes = [
  "log-in",
  "step-up",
  "not-me",
  "password-reset",
  "register",
  "invitation",
  "email-change",
  "undo-email-change",
  "passkey-log-in",
  "passkey-set-up",
  "authorization-code",
] as const;

/** What a log-in for an application is asked for, as `/oauth/authorize` took it. */
export type Authorization = {
  redirectUri: string;
  codeChallenge: string;
  scope: string;
  state?: string | undefined;
  nonce?: string | undefined;
};

/** The same with what has to be done before it is granted. */
export type AuthorizationRequest = Authorization & {
  /** `none` asks nobody anything, `login` asks for a new log-in. */
  prompt?: "none" | "login" | undefined;
  /** How old a log-in may be, in seconds. */
  maxAgeSeconds?: number | undefined;
  loginHint?: string | undefined;
};

/**
 * Where a browser goes on to once its person is logged in, kept here for an hour: a page of ours or of a product, or an
 * application's log-in. Its id stands in addresses and opens nothing without the browser's cookie.
 */
export const destinations = pgTable(
  "destinations",
  {
    id: uuid("id").primaryKey(),
    /** SHA-256 of the secret in the browser's cookie. */
    browserHash: bytea("browser_hash").notNull(),
    /** A path of ours, or an address; null where an application waits. */
    address: text("address"),
    applicationId: uuid("application_id").references(() => applications.id, { onDelete: "cascade" }),
    authorization: jsonb("authorization").$type<AuthorizationRequest>(),
    createdAt: instantColumn("created_at").notNull(),
    expiresAt: instantColumn("expires_at").notNull(),
  },
  (table) => [
    index("destinations_expires").on(table.expiresAt),
    index("destinations_application").on(table.applicationId).where(sql`${table.applicationId} is not null`),
    check(
      "destinations_one",
      sql`(${table.address} is null) = (${table.authorization} is not null) and (${table.applicationId} is null) = (${table.authorization} is null)`,
    ),
  ],
);

/**
 * Everything that waits for a proof: a log-in that still needs its code, a link in a mail. Never a session.
 */
export const challenges = pgTable(
  "challenges",
  {
    id: uuid("id").primaryKey(),
    /** SHA-256 of the 256-bit secret that names the challenge on the wire. */
    tokenHash: bytea("token_hash").notNull(),
    purpose: text("purpose", { enum: challengePurposes }).notNull(),
    userId: uuid("user_id").references(() => users.id, { onDelete: "cascade" }),
    /** The session that asked, where one did; of an invitation, the inviting admin's. */
    sessionId: uuid("session_id").references(() => sessions.id, { onDelete: "cascade" }),
    /** The address that is to be proven, where that is not the person's own; of a link back, where it was mailed. */
    email: text("email"),
    /** What an account gets once it is proven: there is no person before. */
    name: text("name"),
    passwordHash: text("password_hash"),
    /** Keyed hash of the code over this challenge's id; null where the secret itself is the proof. */
    codeHash: bytea("code_hash"),
    /** When a passkey was last asked for: what it is to sign follows from this, from the row and from the tries left. */
    passkeyAskedAt: instantColumn("passkey_asked_at"),
    /** Of an authorization code: for which application, and what was asked. The session it makes has this row's id. */
    applicationId: uuid("application_id").references(() => applications.id, { onDelete: "cascade" }),
    authorization: jsonb("authorization").$type<Authorization>(),
    /** Of a reset link: where the browser that asked for it was going. */
    destinationId: uuid("destination_id").references(() => destinations.id, { onDelete: "set null" }),
    triesLeft: integer("tries_left").notNull(),
    sendsLeft: integer("sends_left").notNull(),
    sentAt: instantColumn("sent_at").notNull(),
    createdAt: instantColumn("created_at").notNull(),
    expiresAt: instantColumn("expires_at").notNull(),
    consumedAt: instantColumn("consumed_at"),
  },
  (table) => [
    uniqueIndex("challenges_token_hash").on(table.tokenHash),
    index("challenges_user").on(table.userId),
    index("challenges_session").on(table.sessionId).where(sql`${table.sessionId} is not null`),
    index("challenges_email_open")
      .on(comparable(table.email))
      .where(sql`${table.consumedAt} is null and ${table.email} is not null`),
    index("challenges_expires").on(table.expiresAt),
    index("challenges_application").on(table.applicationId).where(sql`${table.applicationId} is not null`),
    index("challenges_destination").on(table.destinationId).where(sql`${table.destinationId} is not null`),
    check("challenges_purpose", oneOf(table.purpose, challengePurposes)),
    check(
      "challenges_about",
      sql`${table.userId} is not null or ${table.email} is not null or ${table.purpose} = 'passkey-log-in'`,
    ),
    check("challenges_budgets", sql`${table.triesLeft} >= 0 and ${table.sendsLeft} >= 0`),
  ],
);

/** An authenticator app of a person: the one in use, and beside it one that waits for its first code. */
export const totpSecrets = pgTable(
  "totp_secrets",
  {
    id: uuid("id").primaryKey(),
    userId: uuid("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    /** The shared secret, encrypted for this row and this person. */
    sealed: bytea("sealed").notNull(),
    /** Which key it is encrypted with. */
    keyId: text("key_id").notNull(),
    createdAt: instantColumn("created_at").notNull(),
    /** Null until a right code came. */
    confirmedAt: instantColumn("confirmed_at"),
    /** The newest 30-second step whose code was taken: no code of it or before counts again. */
    lastStep: integer("last_step"),
  },
  (table) => [
    uniqueIndex("totp_secrets_in_use").on(table.userId).where(sql`${table.confirmedAt} is not null`),
    uniqueIndex("totp_secrets_waiting").on(table.userId).where(sql`${table.confirmedAt} is null`),
    check("totp_secrets_step", sql`(${table.confirmedAt} is null) = (${table.lastStep} is null)`),
  ],
);

/** A WebAuthn credential of a person. */
export const passkeys = pgTable(
  "passkeys",
  {
    id: uuid("id").primaryKey(),
    userId: uuid("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    credentialId: bytea("credential_id").notNull(),
    /** In COSE (RFC 9052). */
    publicKey: bytea("public_key").notNull(),
    /** How often it signed, as far as it says; it only grows. */
    counter: bigint("counter", { mode: "number" }).notNull(),
    transports: text("transports").array().notNull(),
    /** The make of the authenticator. */
    aaguid: uuid("aaguid").notNull(),
    /** Whether it may be synced between devices, which never changes, and whether it was. */
    backupEligible: boolean("backup_eligible").notNull(),
    backedUp: boolean("backed_up").notNull(),
    name: text("name").notNull(),
    createdAt: instantColumn("created_at").notNull(),
    lastUsedAt: instantColumn("last_used_at"),
  },
  (table) => [
    uniqueIndex("passkeys_credential").on(table.credentialId),
    index("passkeys_user").on(table.userId, table.createdAt),
  ],
);

/** The recovery codes that a person has left; a used one is gone. */
export const recoveryCodes = pgTable(
  "recovery_codes",
  {
    userId: uuid("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    /** Keyed hash over the person and the code. */
    codeHash: bytea("code_hash").notNull(),
    createdAt: instantColumn("created_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.userId, table.codeHash] })],
);

/** A browser that may skip the code for 30 days: named, listed, revocable; its secret changes at each use. */
export const trustedDevices = pgTable(
  "trusted_devices",
  {
    id: uuid("id").primaryKey(),
    userId: uuid("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    secretHash: bytea("secret_hash").notNull(),
    /** The hash of the secret before, so that a copy which comes back is seen. */
    spentSecretHash: bytea("spent_secret_hash"),
    createdAt: instantColumn("created_at").notNull(),
    lastUsedAt: instantColumn("last_used_at").notNull(),
    expiresAt: instantColumn("expires_at").notNull(),
    ip: inet("ip"),
    userAgent: text("user_agent").notNull(),
  },
  (table) => [
    uniqueIndex("trusted_devices_secret_hash").on(table.secretHash),
    index("trusted_devices_user").on(table.userId),
    index("trusted_devices_expires").on(table.expiresAt),
  ],
);

/** The kinds of device a person has logged in from, so that a new one can be told to them. */
export const knownDevices = pgTable(
  "known_devices",
  {
    userId: uuid("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    /** Browser and system, without versions. */
    family: text("family").notNull(),
    firstSeenAt: instantColumn("first_seen_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.userId, table.family] })],
);

/** What became of a mail. */
const outboxStates = ["waiting", "sent", "given-up"] as const;

/** Mail that waits to be sent, written in the transaction that causes it. */
export const outbox = pgTable(
  "outbox",
  {
    id: uuid("id").primaryKey(),
    /** Whose account it is about: their mail goes when they do. */
    userId: uuid("user_id").references(() => users.id, { onDelete: "cascade" }),
    recipient: text("recipient").notNull(),
    /** Which message it is; never its text. */
    kind: text("kind").notNull(),
    /** Subject, text and HTML, encrypted, for they hold codes and links; gone once they are sent. */
    sealed: bytea("sealed"),
    state: text("state", { enum: outboxStates }).notNull(),
    attempts: integer("attempts").notNull().default(0),
    createdAt: instantColumn("created_at").notNull(),
    /** Not tried before this; a worker that claims it moves this ahead for as long as its claim holds. */
    nextAttemptAt: instantColumn("next_attempt_at").notNull(),
    /** Useless after this: its code or link has ended. */
    expiresAt: instantColumn("expires_at").notNull(),
    sentAt: instantColumn("sent_at"),
    /** What the provider answered last, without addresses or content. */
    lastError: text("last_error"),
  },
  (table) => [
    index("outbox_waiting").on(table.nextAttemptAt).where(sql`${table.state} = 'waiting'`),
    index("outbox_created").on(table.createdAt),
    index("outbox_user").on(table.userId),
    index("outbox_recipient").on(comparable(table.recipient)),
    check("outbox_state", oneOf(table.state, outboxStates)),
  ],
);

/** By which of its two addresses an application is told something. */
const deliveryChannels = ["backchannel", "webhook"] as const;
/** What it is told: that its session is to end, or what happened, in the contract's words. */
const deliveryTypes = [
  "log_out",
  "user.created",
  "user.updated",
  "user.deactivated",
  "user.deleted",
  "session.created",
  "session.ended",
] as const;
/** What became of it. */
const deliveryStates = ["waiting", "done", "given-up"] as const;

/**
 * What applications are still to be told, written by the statement or in the transaction that causes it. A row outlives
 * the person, the session and, by a moment, the application that it is about: a key to its application would let a
 * log-out wait for whoever removes that, and fail after them.
 */
export const deliveries = pgTable(
  "deliveries",
  {
    /** The `jti` of a log-out token, the `webhook-id` of a message: the same at each try. */
    id: uuid("id").primaryKey(),
    /** The order in which one person's are sent. */
    place: bigint("place", { mode: "number" }).notNull().generatedAlwaysAsIdentity(),
    applicationId: uuid("application_id").notNull(),
    channel: text("channel", { enum: deliveryChannels }).notNull(),
    type: text("type", { enum: deliveryTypes }).notNull(),
    userId: uuid("user_id").notNull(),
    /** The session it is about, if any. */
    sessionId: uuid("session_id"),
    /** The very bytes of a webhook's message; gone once it is delivered. A log-out token is made when it is sent. */
    body: text("body"),
    state: text("state", { enum: deliveryStates }).notNull().default("waiting"),
    attempts: integer("attempts").notNull().default(0),
    createdAt: instantColumn("created_at").notNull(),
    /** Since when it is tried: given up a while after this. */
    triedSince: instantColumn("tried_since").notNull(),
    /** Not tried before this; a worker that claims it moves this ahead for as long as its claim holds. */
    nextAttemptAt: instantColumn("next_attempt_at").notNull(),
    endedAt: instantColumn("ended_at"),
    /** What came of the latest try, in words; null until one has failed. */
    lastAnswer: text("last_answer"),
  },
  (table) => [
    index("deliveries_due")
      .on(table.applicationId, table.channel, table.nextAttemptAt)
      .where(sql`${table.state} = 'waiting'`),
    /** Those that hold up later ones. */
    index("deliveries_first_try")
      .on(table.applicationId, table.channel, table.userId, table.place)
      .where(sql`${table.state} = 'waiting' and ${table.lastAnswer} is null`),
    index("deliveries_left")
      .on(table.applicationId, table.createdAt, table.id)
      .where(sql`${table.state} <> 'done'`),
    index("deliveries_ended").on(table.endedAt).where(sql`${table.endedAt} is not null`),
    index("deliveries_given_up").on(table.userId).where(sql`${table.state} = 'given-up'`),
    check("deliveries_channel", oneOf(table.channel, deliveryChannels)),
    check("deliveries_type", oneOf(table.type, deliveryTypes)),
    check("deliveries_state", oneOf(table.state, deliveryStates)),
    check("deliveries_log_out", sql`(${table.channel} = 'backchannel') = (${table.type} = 'log_out')`),
    check("deliveries_ended", sql`(${table.state} = 'waiting') = (${table.endedAt} is null)`),
    check(
      "deliveries_body",
      sql`(${table.body} is not null) = (${table.channel} = 'webhook' and ${table.state} <> 'done')`,
    ),
  ],
);

/** One row a limited thing: how far its budget is used up. Unlogged: a crash forgives. */
export const rateLimits = pgTable("rate_limits", {
  /** Keyed hash of what is limited, so that the table lists no addresses. */
  key: bytea("key").primaryKey(),
  /** When the budget will be whole again (the theoretical arrival time of GCRA). */
  fullAt: instantColumn("full_at").notNull(),
  /** Failures in a row, for limits that grow. */
  failures: integer("failures").notNull().default(0),
});

/**
 * What happened: rows are added and outlive whom they are about. Failed log-ins of one minute are counted in one row;
 * after 30 days an address is shortened, after 180 the row goes (lib/auth/activity/prune-events.ts); nothing else touches one.
 */
export const auditEvents = pgTable(
  "audit_events",
  {
    id: uuid("id").primaryKey(),
    type: text("type").notNull(),
    createdAt: instantColumn("created_at").notNull(),
    /** Whose account it is about. */
    userId: uuid("user_id"),
    /** Who did it, where that is somebody else. */
    actorId: uuid("actor_id"),
    sessionId: uuid("session_id"),
    ip: inet("ip"),
    userAgent: text("user_agent"),
    data: jsonb("data").$type<Record<string, string | number | boolean | null>>().notNull(),
  },
  (table) => [
    index("audit_events_user").on(table.userId, table.createdAt, table.id),
    index("audit_events_actor")
      .on(table.actorId, table.createdAt, table.id)
      .where(sql`${table.actorId} is not null`),
    index("audit_events_session").on(table.sessionId).where(sql`${table.sessionId} is not null`),
    index("audit_events_created").on(table.createdAt, table.id),
    index("audit_events_type").on(table.type, table.createdAt, table.id),
    /** The rows whose address is still whole. */
    index("audit_events_whole_address")
      .on(table.createdAt)
      .where(sql`masklen(${table.ip}) > case family(${table.ip}) when 4 then 24 else 48 end`),
  ],
);
