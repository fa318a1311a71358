import { deactivateUser } from "@/lib/auth/account/deactivate-user.ts";
import { findListedUser } from "@/lib/auth/account/list-users.ts";
import type { Settings } from "@/lib/settings/env.ts";
import { withApp } from "./database.ts";
import { done, type Outcome, refused } from "./outcome.ts";
import { counted } from "./table.ts";

/** Takes a person's access away at once; a person who is inactive already is left so. */
export async function userDeactivate(settings: Settings, email: string): Promise<Outcome> {
  return withApp(settings, async (app) => {
    const user = await findListedUser(app, email);
    if (!user) return refused(`${email} has no account.`);
    const deactivation = await deactivateUser({ app, now: app.clock.now() }, { userId: user.id });
    const data = { id: user.id, email: user.email, is_active: false };
    switch (deactivation.kind) {
      case "deactivated": {
        const { endedSessions } = deactivation;
        const line = `${user.email} is inactive now; ${counted(endedSessions, "session")} ended.`;
        return done([line], { ...data, ended_sessions: endedSessions });
      }
      case "unchanged":
        return done([`${user.email} was inactive already.`], { ...data, ended_sessions: 0 });
      case "last-admin":
        return refused(`${user.email} is the last active admin and stays active.`);
    }
  });
}
