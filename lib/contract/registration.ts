import { z } from "zod";
import { text } from "./fields.ts";
import { personName } from "./profile.ts";

export const RegisterRequest = z.object({ email: text(), password: text(), name: personName.optional() });
export const VerifyRegistrationRequest = z.object({ challenge: text().optional(), code: text() });
export const ResendRegistrationCodeRequest = z.object({ challenge: text().optional() });
export const AcceptInvitationRequest = z.object({
  token: text(),
  password: text(),
  name: personName.optional(),
});

/** Said by every call of a registration while only admins make accounts. */
export const REGISTRATION_CLOSED = "Registration is closed. Ask an administrator for an invitation.";
