import { z } from "zod";
import { text } from "./fields.ts";

const PERSON_NAME_MAX_CHARACTERS = 100;

/** Characters that end a line, steer a terminal, or turn the text around them the other way. */
const UNSEEN = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;

/** What a person wants to be called; an empty name is none. */
export const personName = text({ maxLength: PERSON_NAME_MAX_CHARACTERS, blank: true })
  .refine((name) => !UNSEEN.test(name), { error: "Control characters are not allowed." })
  .transform((name) => name.trim());

export const RenameRequest = z.object({ name: personName });
export const DeleteAccountRequest = z.object({ password: text() });

/** Why the last administrator can't delete their account. */
export const LAST_ADMIN =
  "You are the last administrator. Make somebody else one before you delete your account.";
