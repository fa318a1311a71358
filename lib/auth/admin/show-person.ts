import { countSessionsByState } from "@/db/queries/any-sessions.ts";
import { findUser, type User } from "@/db/queries/users.ts";
import type { App } from "@/lib/app.ts";
import { secondsAfter } from "@/lib/clock.ts";
import type { ShownPerson } from "@/lib/contract/admin.ts";
import { type Failure, failure } from "@/lib/contract/errors.ts";
import { requireAdmin } from "../authorize.ts";
import { toListedUser } from "../list-users.ts";
import type { Principal } from "../principal.ts";

/**
 * A person as an admin sees them, with how many sessions they have in each state.
 *
 * 1. the caller is no admin → `permission_denied`
 * 2. nobody has that id → `not_found`
 * 3. else → the person
 */
export async function showPerson(
  app: App,
  principal: Principal,
  userId: string,
  now: Date,
): Promise<{ kind: "shown"; person: ShownPerson } | Failure> {
  const refused = requireAdmin(principal);
  if (refused) return refused;
  const user = await findUser(app.db, userId);
  return user ? { kind: "shown", person: await toShownPerson(app, user, now) } : failure("not_found");
}

/** A person with how many sessions they have. */
export async function toShownPerson(app: App, user: User, now: Date): Promise<ShownPerson> {
  const notBefore = secondsAfter(now, -app.settings.LEEWAY);
  return { ...toListedUser(user), sessions: await countSessionsByState(app.db, user.id, notBefore) };
}
