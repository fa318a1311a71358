import type { Passkey } from "@/db/queries/passkeys.ts";
import { instant } from "@/lib/base/clock.ts";
import { NIL_UUID } from "@/lib/base/crypto.ts";
import type { SignedCredential } from "@/lib/contract/passkeys.ts";

/** An ES256 key whose other half nobody has, in COSE: an unknown passkey costs the same work. */
const NOBODYS_KEY = Buffer.from(
  "a50102032620012158209692f6a19bdbc4905488b3ef8e0d8352939a3221e0edff378ad8f77aca5c7ee92258201b538d1e145a86b43b4728d7e1781f99628a5b7eba370313dd5dd63e770d1b0a",
  "hex",
);

/** What an unknown passkey is compared with, so that nobody learns from the time which ones are known. */
export function nobodysPasskey({ id }: SignedCredential): Passkey {
  return {
    id: NIL_UUID,
    userId: NIL_UUID,
    credentialId: Buffer.from(id, "base64url"),
    publicKey: NOBODYS_KEY,
    counter: 0,
    transports: [],
    aaguid: NIL_UUID,
    backupEligible: false,
    backedUp: false,
    name: "",
    createdAt: instant(0),
    lastUsedAt: null,
  };
}
