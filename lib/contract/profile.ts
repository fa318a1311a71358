import { z } from "zod";
import { PublicUser } from "./account.ts";
import { PublicEvent } from "./events.ts";
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

const instant = z.iso.datetime().nullable();
const rows = z.array(z.record(z.string(), z.unknown()));

/** Everything that is held about a person. */
export const PersonalData = z.object({
  downloaded_at: z.iso.datetime(),
  incomplete: z.array(z.string()).describe("Kinds of which there are more than 10,000."),
  account: PublicUser.extend({
    is_active: z.boolean(),
    last_login_at: instant,
    wrong_codes_in_a_row: z.int(),
    codes_closed_until: instant,
  }),
  sessions: rows,
  trusted_devices: rows,
  known_devices: rows,
  events: z.array(PublicEvent),
  mails: rows,
  proofs: rows,
});
