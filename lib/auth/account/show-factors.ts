import { findUser } from "@/db/queries/users.ts";
import type { App } from "@/lib/app/app.ts";
import { showTwoFactorOf } from "@/lib/auth/factors/show-two-factor.ts";
import type { ShownTwoFactor } from "@/lib/contract/factors.ts";

/** What a person who is there logs in with besides the password, for the operator. */
export async function showFactors(app: App, userId: string): Promise<ShownTwoFactor> {
  const user = await findUser(app.db, userId);
  if (!user) throw new Error("the person is gone");
  return showTwoFactorOf(app, user);
}
