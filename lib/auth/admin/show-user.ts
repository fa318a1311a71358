import { countSessionsByState } from "@/db/queries/any-sessions.ts";
import { findUser, type User } from "@/db/queries/users.ts";
import type { Moment } from "@/lib/app/call.ts";
import { toListedUser } from "@/lib/auth/account/list-users.ts";
import { requireAdmin } from "@/lib/auth/sessions/authorize.ts";
import type { LoggedInCall } from "@/lib/auth/sessions/principal.ts";
import { secondsAfter } from "@/lib/base/clock.ts";
import type { ShownPerson } from "@/lib/contract/admin.ts";
import { type Failure, failure } from "@/lib/contract/errors.ts";

/**
 * A person as an admin sees them, with how many sessions they have in each state.
 *
 * 1. the caller is no admin → `permission_denied`
 * 2. nobody has that id → `not_found`
 * 3. else → the person
 */
export async function showUser(
  call: LoggedInCall,
  userId: string,
): Promise<{ kind: "shown"; person: ShownPerson } | Failure> {
  const { app, principal } = call;
  const refused = requireAdmin(principal);
  if (refused) return refused;
  const user = await findUser(app.db, userId);
  return user ? { kind: "shown", person: await toShownUser(call, user) } : failure("not_found");
}

/** A person with how many sessions they have. */
export async function toShownUser({ app, now }: Moment, user: User): Promise<ShownPerson> {
  const notBefore = secondsAfter(now, -app.settings.LEEWAY);
  return { ...toListedUser(user), sessions: await countSessionsByState(app.db, user.id, notBefore) };
}
