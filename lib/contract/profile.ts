import { z } from "zod";
import { text, visibleName } from "./fields.ts";

const PERSON_NAME_MAX_CHARACTERS = 100;

/** What a person wants to be called; an empty name is none. */
export const personName = visibleName({ maxLength: PERSON_NAME_MAX_CHARACTERS, blank: true });

export const RenameRequest = z.object({ name: personName });
export const DeleteAccountRequest = z.object({ password: text() });

/** Why the last administrator can't delete their account. */
export const LAST_ADMIN =
  "You are the last administrator. Make somebody else one before you delete your account.";
