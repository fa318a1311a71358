import { listPasskeys, type Passkey } from "@/db/queries/passkeys.ts";
import type { User } from "@/db/queries/users.ts";
import type { App } from "@/lib/app/app.ts";
import type { LoggedInCall } from "@/lib/auth/sessions/principal.ts";
import { toPublicUser } from "@/lib/auth/sessions/shapes.ts";
import type { ShownTwoFactor } from "@/lib/contract/factors.ts";
import type { PublicPasskey } from "@/lib/contract/passkeys.ts";
import { keeperOf } from "./passkey-keepers.ts";
import { asksForStrongFactor } from "./require-set-up.ts";

/** What the caller proves themselves by, and whether the operator asks for more. */
export async function showTwoFactor({
  app,
  principal,
}: Pick<LoggedInCall, "app" | "principal">): Promise<ShownTwoFactor> {
  return showTwoFactorOf(app, principal.user);
}

/** The same of anybody. */
export async function showTwoFactorOf(app: App, user: User): Promise<ShownTwoFactor> {
  const passkeys = await listPasskeys(app.db, user.id);
  return {
    ...toPublicUser(user).two_factor,
    required: asksForStrongFactor(app, user),
    passkeys_list: passkeys.map(toPublicPasskey),
  };
}

/** A passkey as its owner sees it. */
export function toPublicPasskey(passkey: Passkey): PublicPasskey {
  return {
    id: passkey.id,
    name: passkey.name,
    created_at: passkey.createdAt.toISOString(),
    last_used_at: passkey.lastUsedAt?.toISOString() ?? null,
    synced: passkey.backedUp,
    provider: keeperOf(passkey.aaguid),
  };
}
