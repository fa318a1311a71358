import { listPasskeys } from "@/db/queries/passkeys.ts";
import type { LoggedInCall } from "@/lib/auth/sessions/principal.ts";

/**
 * What the caller's authenticators may know of them: which passkeys still count, and whose they are. Null for whoever
 * never had one.
 */
export async function listKeychain({ app, principal: { user } }: Pick<LoggedInCall, "app" | "principal">) {
  const rpId = app.settings.passkeyRpId;
  if (!user.passkeyHandle || rpId === null) return null;
  const passkeys = await listPasskeys(app.db, user.id);
  return {
    rpId,
    userHandle: user.passkeyHandle.toString("base64url"),
    credentialIds: passkeys.map(({ credentialId }) => credentialId.toString("base64url")),
    name: user.email,
    displayName: user.name || user.email,
  };
}
