import { z } from "zod";
import { RequiredReason } from "./admin.ts";
import { sessionStates } from "./admin-shapes.ts";
import { auditEventTypes } from "./audit-events.ts";
import { parseEmailAddress } from "./email-address.ts";

/** A person by id or by address. */
export type PersonReference = { id: string } | { email: string };

const person = z
  .string()
  .describe("An id or an e-mail address.")
  .transform((value, context): PersonReference => {
    if (z.uuid().safeParse(value).success) return { id: value };
    const email = parseEmailAddress(value);
    if (email !== null) return { email };
    context.addIssue({ code: "custom", message: "Give the id or the e-mail address of a person." });
    return z.NEVER;
  });

/** An address, or a network in CIDR notation that is not the whole Internet. */
const network = z
  .union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()], {
    error: "Give an IP address or a network like 192.0.2.0/24.",
  })
  .refine((value) => !/\/0+$/.test(value), { error: "That network is every address." })
  .meta({ wire: { type: "string" }, description: "An IP address or a network such as 192.0.2.0/24." });

/** Why a session ended, as its row can say; `expired` is the state of that name. */
export const endReasons = [
  "token_reused",
  "logged_out",
  "logged_out_everywhere",
  "revoked_by_owner",
  "revoked_by_admin",
  "password_changed",
  "account_deactivated",
  "replaced",
  "expired",
] as const;

const EARLIEST_MS = Date.parse("0001-01-01T00:00:00.000Z");
const LATEST_MS = Date.parse("9999-12-31T23:59:59.999Z");
const NO_INSTANT = "Give a day like 2026-11-01, or a time like 2026-11-01T09:30:00Z.";

/**
 * An instant, or a day, which begins at midnight UTC. PostgreSQL knows no year 0, and ISO 8601 writes no year of five
 * digits; an offset can lead to either.
 */
const instantText = z.union([z.iso.datetime({ offset: true }), z.iso.date()], { error: NO_INSTANT }).refine(
  (text) => {
    const atMs = Date.parse(text);
    return atMs >= EARLIEST_MS && atMs <= LATEST_MS;
  },
  { error: NO_INSTANT },
);

const CHOICE = { error: "Choose one of the list." };

const application = z.uuid({ error: "Give the client_id of an application." });

export const SessionListFilter = z.strictObject({
  user: person.optional(),
  state: z.enum(sessionStates, CHOICE).optional(),
  ip: network.optional(),
  application: application.optional().describe("The client_id of an application."),
  reason: z.enum(endReasons, CHOICE).optional(),
});
export type SessionListFilter = z.infer<typeof SessionListFilter>;

const yesOrNo = z.enum(["true", "false"], CHOICE).transform((value) => value === "true");

export const UserListFilter = z.strictObject({
  search: z
    .string()
    .trim()
    .max(254, "Give at most 254 characters.")
    .refine((value) => !value.includes("\0") && value.isWellFormed(), "Give letters, digits and signs only.")
    .optional(),
  is_active: yesOrNo.optional(),
  role: z.enum(["user", "admin"], CHOICE).optional(),
});
export type UserListFilter = z.infer<typeof UserListFilter>;

export const EventListFilter = z.strictObject({
  user: person.optional().describe("Whom it is about: an id or an e-mail address."),
  actor: person.optional().describe("Who did it, where that is somebody else: an id or an e-mail address."),
  type: z.enum(auditEventTypes, CHOICE).optional(),
  from: instantText.optional(),
  to: instantText.optional(),
});
export type EventListFilter = z.infer<typeof EventListFilter>;

const NOBODY =
  'Name whose sessions: by user, ip, application or reason, or {"everyone": true} for everybody\'s.';

const Everyone = z.strictObject({ everyone: z.literal(true) });
export type RevocationFilter = z.infer<typeof Everyone> | SessionListFilter;

const TEXT = { type: "string" };
const FILTERS_ON_THE_WIRE = {
  user: TEXT,
  ip: TEXT,
  application: { type: "string", format: "uuid" },
  reason: { type: "string", enum: endReasons },
  state: { type: "string", enum: sessionStates },
  everyone: { type: "boolean", const: true },
};

/**
 * Whose sessions are to end: at least one filter that leaves somebody out. A state alone does not, so everybody must be
 * named.
 */
export const RevocationFilter = z
  .unknown()
  .transform((value, context): RevocationFilter => {
    const everyone = Everyone.safeParse(value);
    if (everyone.success) return everyone.data;
    const { success, data, error } = SessionListFilter.safeParse(value);
    if (success && [data.user, data.ip, data.application, data.reason].some((filter) => filter !== undefined))
      return data;
    const [field] = error?.issues[0]?.path ?? [];
    context.addIssue({
      code: "custom",
      message: field === undefined ? NOBODY : `${String(field)} is not valid.`,
    });
    return z.NEVER;
  })
  .meta({
    wire: { type: "object", properties: FILTERS_ON_THE_WIRE, additionalProperties: false },
    description:
      "At least one of user, ip, application and reason; for everybody, `everyone` and nothing else.",
  });

/** `count` is how many the admin was shown: if it is another by now, nothing ends. */
export const RevokeSessionsRequest = z.object({
  filter: RevocationFilter,
  ...RequiredReason.shape,
  count: z
    .number({ error: "A valid integer is required." })
    .int("A valid integer is required.")
    .min(0)
    .optional(),
});
export type SessionRevocation = z.infer<typeof RevokeSessionsRequest>;
