import { z } from "zod";
import { absent, namedChallenge, text } from "./fields.ts";

const PASSKEY_NAME_MAX_CHARACTERS = 64;

/** Binary data as WebAuthn's JSON has it (WebAuthn §5.1.8). */
const bytes = text().regex(/^[A-Za-z0-9_-]+={0,2}$/, { error: "Enter base64url." });
const optionalBytes = bytes.nullish();
const credential = {
  id: bytes,
  rawId: bytes,
  type: z.literal("public-key", { error: absent('Must be "public-key".') }),
};
/** WebAuthn's own members, and whatever else a browser adds. */
const members = <Shape extends z.core.$ZodLooseShape>(shape: Shape) =>
  z.looseObject(shape, { error: absent("Not a credential.") });

/** What a passkey signed, as `navigator.credentials.get()` gives it (AuthenticationResponseJSON). */
export const SignedCredential = members({
  ...credential,
  response: members({
    clientDataJSON: bytes,
    authenticatorData: bytes,
    signature: bytes,
    userHandle: optionalBytes,
  }),
});
export type SignedCredential = z.infer<typeof SignedCredential>;

/** A passkey that was just made, as `navigator.credentials.create()` gives it (RegistrationResponseJSON). */
export const MadeCredential = members({
  ...credential,
  response: members({
    clientDataJSON: bytes,
    attestationObject: bytes,
    transports: z
      .array(text({ maxLength: 32 }), { error: "Not a list." })
      .max(16, { error: "Too many." })
      .nullish(),
  }),
});
export type MadeCredential = z.infer<typeof MadeCredential>;

const passkeyName = text({ maxLength: PASSKEY_NAME_MAX_CHARACTERS })
  .transform((name) => name.trim())
  .refine((name) => name !== "", { error: "This field may not be blank." });

export const AddPasskeyRequest = z.object({
  challenge: namedChallenge,
  credential: MadeCredential,
  name: passkeyName.optional(),
});
export const NamePasskeyRequest = z.object({ name: passkeyName });
export const PasskeyLogInRequest = z.object({ challenge: namedChallenge, credential: SignedCredential });

/** A passkey as its owner sees it. */
export const PublicPasskey = z.object({
  id: z.uuid(),
  name: z.string(),
  created_at: z.iso.datetime(),
  last_used_at: z.iso.datetime().nullable(),
  synced: z.boolean().describe("Whether it is in an account that carries it to other devices."),
  provider: z.string().nullable().describe("What keeps it, where that is known."),
});
export type PublicPasskey = z.infer<typeof PublicPasskey>;

/** What `navigator.credentials` is handed, in WebAuthn's own words. */
const options = z.record(z.string(), z.unknown());

export const PasskeyOptions = z.object({ options });
/** The same, and what names the challenge. */
export const PasskeyChallenge = z.object({
  challenge: z.string(),
  options,
  expires_in: z.int().describe("Seconds until it must be answered."),
});
