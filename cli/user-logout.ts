import { findListedUser } from "@/lib/auth/account/list-users.ts";
import { logOutUser } from "@/lib/auth/account/log-out-user.ts";
import type { Settings } from "@/lib/settings/env.ts";
import { withApp } from "./database.ts";
import { done, type Outcome, refused } from "./outcome.ts";
import { counted } from "./table.ts";

/** Logs every device of a person out; they may log in again. */
export async function userLogout(settings: Settings, email: string): Promise<Outcome> {
  return withApp(settings, async (app) => {
    const user = await findListedUser(app, email);
    if (!user) return refused(`${email} has no account.`);
    const ended = await logOutUser({ app, now: app.clock.now() }, { userId: user.id });
    const line = `${user.email} is logged out; ${counted(ended, "session")} ended.`;
    return done([line], { id: user.id, email: user.email, ended_sessions: ended });
  });
}
