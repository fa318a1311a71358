import { z } from "zod";
import { PublicTwoFactor } from "./account.ts";
import { factorCode } from "./fields.ts";
import { PublicPasskey } from "./passkeys.ts";

/** What `GET /api/two-factor` says. */
export const ShownTwoFactor = PublicTwoFactor.extend({
  required: z.boolean().describe("Whether the operator asks this person for a strong factor."),
  passkeys_list: z.array(PublicPasskey),
});
export type ShownTwoFactor = z.infer<typeof ShownTwoFactor>;

/** An authenticator app that waits for its first code. */
export const StartedTotp = z.object({
  secret: z.string().describe("In base32, for typing."),
  uri: z.string().describe("`otpauth://…`, for a QR code."),
});
export const ConfirmTotpRequest = z.object({ code: factorCode });

const codes = z.array(z.string()).describe("Shown this once.");

/** Recovery codes come with the first strong factor. */
export const ConfirmedTotp = z.object({ two_factor: PublicTwoFactor, recovery_codes: codes.optional() });
export const AddedPasskey = z.object({ passkey: PublicPasskey, recovery_codes: codes.optional() });
export const NewRecoveryCodes = z.object({ recovery_codes: codes });
