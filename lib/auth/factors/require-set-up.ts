import type { User } from "@/db/queries/users.ts";
import type { App } from "@/lib/app/app.ts";
import { type Failure, failure } from "@/lib/contract/errors.ts";
import { hasStrongFactor } from "./methods.ts";

/** Whether the operator asks this person for a strong factor (REQUIRE_TWO_FACTOR). */
export function asksForStrongFactor(
  { settings }: Pick<App, "settings">,
  { role }: Pick<User, "role">,
): boolean {
  const { REQUIRE_TWO_FACTOR: asked } = settings;
  return asked === "everyone" || (asked === "admins" && role === "admin");
}

/**
 * The failure of a call by somebody who is asked for a strong factor and has none: of every call where everybody is
 * asked, of those that only admins may make where only admins are.
 */
export function requireSetUp(app: Pick<App, "settings">, user: User, forAdmins: boolean): Failure | null {
  const concerned = app.settings.REQUIRE_TWO_FACTOR === "everyone" || forAdmins;
  const missing = asksForStrongFactor(app, user) && !hasStrongFactor(user);
  return concerned && missing ? failure("two_factor_setup_required") : null;
}
