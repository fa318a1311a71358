import { z } from "zod";
import { absent, text, yesNo } from "./fields.ts";
import { personName } from "./profile.ts";

const WHY_MAX_CHARACTERS = 200;

const trimmed = (maxLength: number, blank: boolean) =>
  text({ maxLength, blank })
    .transform((value) => value.trim())
    .refine((value) => blank || value !== "", { error: "This field may not be blank." });
const name = personName.optional();
const role = z.enum(["user", "admin"], { error: absent('Choose "user" or "admin".') }).optional();
/** Why an admin does it, in their own words; it stands in the audit trail, and the person does not see it. */
const why = trimmed(WHY_MAX_CHARACTERS, true).optional();

export const InviteUserRequest = z.object({ email: text(), name, role });
export const AdminActRequest = z.object({ reason: why });
export const RequiredReason = z.object({ reason: trimmed(WHY_MAX_CHARACTERS, false) });

/** At least one fact of a person. */
export const ChangePersonRequest = z
  .object({ is_active: yesNo().optional(), role, name, reason: why })
  .refine(({ is_active, role, name }) => [is_active, role, name].some((fact) => fact !== undefined), {
    error: "Give at least one of is_active, role and name.",
  });
export type PersonChange = z.infer<typeof ChangePersonRequest>;

/** A token, or the `jti` of one. */
export const InspectTokenRequest = z
  .object({ token: text().optional(), jti: text({ maxLength: 255 }).optional() })
  .transform(({ token, jti }, context) => {
    if (token !== undefined && jti === undefined) return { by: "token", text: token } as const;
    if (jti !== undefined && token === undefined) return { by: "jti", text: jti } as const;
    context.addIssue({ code: "custom", message: "Give either token or jti." });
    return z.NEVER;
  });
export type InspectedBy = z.infer<typeof InspectTokenRequest>;

export type {
  AdminEvent,
  AdminSession,
  AdminUser,
  InspectedToken,
  SessionState,
  ShownPerson,
} from "./admin-shapes.ts";
