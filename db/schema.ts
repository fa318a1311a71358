import { sql } from "drizzle-orm";
import {
  boolean,
  check,
  customType,
  index,
  inet,
  integer,
  jsonb,
  pgTable,
  text,
  timestamp,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";

const bytea = customType<{ data: Buffer }>({ dataType: () => "bytea" });
const instantColumn = (name: string) => timestamp(name, { withTimezone: true, mode: "date" });

/** A person with an account. */
export const users = pgTable(
  "users",
  {
    id: uuid("id").primaryKey(),
    /** As mail is sent to it: ASCII, at most 254 characters; unique without regard to case. */
    email: text("email").notNull(),
    name: text("name").notNull(),
    role: text("role", { enum: ["user", "admin"] }).notNull(),
    /** argon2id in PHC format; null for a person who was invited and has not chosen one. */
    passwordHash: text("password_hash"),
    isActive: boolean("is_active").notNull().default(true),
    /** Null until the address is proven; such an account cannot log in. */
    emailVerifiedAt: instantColumn("email_verified_at"),
    /** Whether a code by e-mail is asked at log-in. */
    twoFactorEmail: boolean("two_factor_email").notNull(),
    createdAt: instantColumn("created_at").notNull(),
    lastLoginAt: instantColumn("last_login_at"),
  },
  (table) => [
    uniqueIndex("users_email_unique").on(sql`lower(${table.email})`),
    check("users_role", sql`${table.role} in ('user', 'admin')`),
    check("users_email_ascii", sql`${table.email} ~ '^[!-~]{3,254}$'`),
  ],
);

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
    ip: inet("ip"),
    userAgent: text("user_agent").notNull(),
    /** What the person calls this device. */
    name: text("name"),
  },
  (table) => [
    index("sessions_user_live").on(table.userId).where(sql`${table.revokedAt} is null`),
    index("sessions_expires").on(table.expiresAt),
    index("sessions_ended").on(table.revokedAt).where(sql`${table.revokedAt} is not null`),
    check("sessions_generation", sql`${table.generation} >= 1`),
    check("sessions_ends", sql`${table.idleExpiresAt} <= ${table.expiresAt}`),
    check("sessions_revoked", sql`(${table.revokedAt} is null) = (${table.revokedReason} is null)`),
    check(
      "sessions_revoked_reason",
      sql`${table.revokedReason} in ('token_reused', 'logged_out', 'logged_out_everywhere', 'revoked_by_owner', 'revoked_by_admin', 'password_changed', 'account_deactivated', 'replaced')`,
    ),
  ],
);

/** What happened, for ever: rows are added and never changed. */
export const auditEvents = pgTable(
  "audit_events",
  {
    id: uuid("id").primaryKey(),
    type: text("type").notNull(),
    createdAt: instantColumn("created_at").notNull(),
    /** Whose account it is about. */
    userId: uuid("user_id").references(() => users.id, { onDelete: "set null" }),
    /** Who did it, where that is somebody else. */
    actorId: uuid("actor_id").references(() => users.id, { onDelete: "set null" }),
    sessionId: uuid("session_id"),
    ip: inet("ip"),
    userAgent: text("user_agent"),
    data: jsonb("data").$type<Record<string, string | number | boolean | null>>().notNull(),
  },
  (table) => [index("audit_events_user").on(table.userId, table.createdAt, table.id)],
);
