import { z } from "zod";
import { PublicUser } from "./account.ts";
import { SessionApplication } from "./applications.ts";
import { endReasons } from "./errors.ts";
import { PublicEvent } from "./events.ts";

export const sessionStates = ["outstanding", "blacklisted", "expired"] as const;
export type SessionState = (typeof sessionStates)[number];

const state = z.enum(sessionStates);
const reason = z.enum(endReasons).nullable().describe("Why it ended.");
const owner = z.object({ id: z.uuid(), email: z.string(), name: z.string() });
const named = z.object({ id: z.uuid(), email: z.string().nullable() }).nullable();

/** What an admin sees of a person in a list. */
export const AdminUser = PublicUser.extend({
  is_active: z.boolean(),
  last_login_at: z.iso.datetime().nullable(),
});
export type AdminUser = z.infer<typeof AdminUser>;

/** What an admin sees of one person. */
export const ShownPerson = AdminUser.extend({
  sessions: z.object({ outstanding: z.int(), blacklisted: z.int(), expired: z.int() }),
});
export type ShownPerson = z.infer<typeof ShownPerson>;

/** Anybody's session as an admin sees it: its newest refresh token by name, never the token. */
export const AdminSession = z.object({
  id: z.uuid(),
  user: owner,
  state,
  jti: z.string().describe("Of its newest refresh token."),
  generation: z.int().describe("How often it has been turned."),
  issued_at: z.iso.datetime(),
  expires_at: z.iso.datetime(),
  created_at: z.iso.datetime(),
  last_seen_at: z.iso.datetime(),
  ip: z.string().nullable(),
  browser: z.string().nullable(),
  os: z.string().nullable(),
  device: z.string().nullable(),
  location: z.string().nullable(),
  amr: z.array(z.string()),
  application: SessionApplication.describe("Whose session it is, where an application opened it."),
  opened_by: z.uuid().nullable().describe("The browser's session that it was opened from."),
  revoked_at: z.iso.datetime().nullable(),
  reason,
});
export type AdminSession = z.infer<typeof AdminSession>;

/** What is known of one token. */
export const InspectedToken = z.object({
  kind: z.enum(["access", "refresh"]),
  jti: z.string(),
  state,
  generation: z.int().nullable(),
  since: z.iso.datetime().nullable().describe("Since when it is dead, where that is known."),
  reason,
  user: owner,
  session_id: z.uuid(),
  session: AdminSession,
});
export type InspectedToken = z.infer<typeof InspectedToken>;

/** One line of the audit trail. */
export const AdminEvent = PublicEvent.extend({
  user: named.describe("Whom it is about."),
  actor: named.describe("The admin who did it."),
});
export type AdminEvent = z.infer<typeof AdminEvent>;
