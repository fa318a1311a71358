import { type ListedUser, listUsers } from "@/lib/auth/account/list-users.ts";
import type { Settings } from "@/lib/settings/env.ts";
import { withApp } from "./database.ts";
import { done, type Outcome } from "./outcome.ts";
import { minute, table } from "./table.ts";

const HEADINGS = ["EMAIL", "NAME", "ROLE", "STATE", "TWO-STEP", "CREATED (UTC)", "LAST LOG-IN"];

/** Everybody with an account. */
export async function userList(settings: Settings): Promise<Outcome> {
  return withApp(settings, async (app) => {
    const users = await listUsers(app);
    return done(users.length > 0 ? table(HEADINGS, users.map(row)) : ["There are no accounts yet."], users);
  });
}

function row(user: ListedUser): string[] {
  return [
    user.email,
    user.name,
    user.role,
    user.is_active ? "active" : "inactive",
    user.two_factor.email ? "email" : "off",
    minute(user.created_at),
    minute(user.last_login_at),
  ];
}
