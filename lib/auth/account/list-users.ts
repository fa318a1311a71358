import { findUserByEmail, listUsers as listUserRows, type User } from "@/db/queries/users.ts";
import type { App } from "@/lib/app/app.ts";
import { toPublicUser } from "@/lib/auth/sessions/shapes.ts";
import type { PublicUser } from "@/lib/contract/account.ts";
import { parseEmailAddress } from "@/lib/contract/email-address.ts";

/** A person as an operator sees them. */
export type ListedUser = PublicUser & { is_active: boolean; last_login_at: string | null };

/** Every person, the oldest account first. */
export async function listUsers(app: App): Promise<ListedUser[]> {
  return (await listUserRows(app.db)).map(toListedUser);
}

/** The person whose address this is, in any spelling that mail takes for the same; null when there is none. */
export async function findListedUser(app: App, email: string): Promise<ListedUser | null> {
  const user = await findUserByEmail(app.db, parseEmailAddress(email) ?? email);
  return user ? toListedUser(user) : null;
}

/** A person as an operator or admin sees them. */
export function toListedUser(user: User): ListedUser {
  return {
    ...toPublicUser(user),
    is_active: user.isActive,
    last_login_at: user.lastLoginAt?.toISOString() ?? null,
  };
}
