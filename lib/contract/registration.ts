import { z } from "zod";
import { keptChallenge, linkToken, text, typedCode } from "./fields.ts";
import { personName } from "./profile.ts";

const name = personName.optional();

export const RegisterRequest = z.object({ email: text(), password: text(), name });
export const VerifyRegistrationRequest = z.object({ challenge: keptChallenge, code: typedCode });
export const ResendRegistrationCodeRequest = z.object({ challenge: keptChallenge });
export const AcceptInvitationRequest = z.object({ token: linkToken, password: text(), name });

/** Said by every call of a registration while only admins make accounts. */
export const REGISTRATION_CLOSED = "Registration is closed. Ask an administrator for an invitation.";
