import { findListedUser } from "@/lib/auth/account/list-users.ts";
import { removeFactors } from "@/lib/auth/account/remove-factors.ts";
import { showFactors } from "@/lib/auth/account/show-factors.ts";
import type { Settings } from "@/lib/settings/env.ts";
import { withApp } from "./database.ts";
import { done, type Outcome, refused } from "./outcome.ts";

export type UserFactorsOptions = { remove?: boolean; reason?: string };

/** Shows what somebody logs in with besides the password, or takes their strong factors away. */
export async function userFactors(
  settings: Settings,
  email: string,
  { remove = false, reason = "" }: UserFactorsOptions,
): Promise<Outcome> {
  const why = reason.trim();
  if (remove && !why) return refused("Say why with --reason: it stands in the audit trail.");
  return withApp(settings, async (app) => {
    const user = await findListedUser(app, email);
    if (!user) return refused(`${email} has no account.`);
    if (!remove) {
      const factors = await showFactors(app, user.id);
      return done(linesOf(factors), { id: user.id, email: user.email, two_factor: factors });
    }
    const removed = await removeFactors({ app, now: app.clock.now() }, { userId: user.id, why });
    const line = removed
      ? `${user.email} has no passkey, app or recovery code any more. They are told by mail, and can change nothing for a day.`
      : `${user.email} has no strong factor.`;
    return done([line], { id: user.id, email: user.email, removed });
  });
}

function linesOf(factors: Awaited<ReturnType<typeof showFactors>>): string[] {
  return [
    `Code by e-mail: ${factors.email ? "on" : "off"}`,
    `Authenticator app: ${factors.totp ? "set up" : "none"}`,
    `Passkeys: ${factors.passkeys_list.map(({ name }) => name).join(", ") || "none"}`,
    `Recovery codes left: ${factors.recovery_codes_left}`,
  ];
}
