import { z } from "zod";
import { text } from "./fields.ts";

const PERSON_NAME_MAX_CHARACTERS = 100;

/** What a person wants to be called; an empty name is none. */
const personName = text({ maxLength: PERSON_NAME_MAX_CHARACTERS, blank: true })
  .transform((name) => name.trim())
  .optional();

export const RegisterRequest = z.object({ email: text(), password: text(), name: personName });
export const VerifyRegistrationRequest = z.object({ challenge: text().optional(), code: text() });
export const ResendRegistrationCodeRequest = z.object({ challenge: text().optional() });
export const AcceptInvitationRequest = z.object({ token: text(), password: text(), name: personName });

/** Said by every call of a registration while only admins make accounts. */
export const REGISTRATION_CLOSED = "Registration is closed. Ask an administrator for an invitation.";
