import { z } from "zod";
import { PublicUser } from "./account.ts";
import { PublicEvent } from "./events.ts";

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
    held_until: instant,
  }),
  sessions: rows,
  trusted_devices: rows,
  known_devices: rows,
  passkeys: rows,
  authenticator_apps: rows,
  events: z.array(PublicEvent),
  mails: rows,
  proofs: rows,
});
