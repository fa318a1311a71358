import { anyUser } from "@/db/queries/users.ts";
import type { App } from "@/lib/app/app.ts";
import { createUser } from "@/lib/auth/registration/create-user.ts";
import { randomToken } from "@/lib/base/crypto.ts";

const EMAIL = "admin@example.com";
const PASSWORD_BYTES = 15;

/**
 * Makes the first admin of a fresh local install and returns the password, which is stored only as a hash; null when
 * there are accounts already. Of several processes that start at once, one gets it.
 */
export async function createFirstAdmin(app: App): Promise<{ email: string; password: string } | null> {
  if (await anyUser(app.db)) return null;
  const password = randomToken(PASSWORD_BYTES);
  const created = await createUser(
    { app, now: app.clock.now() },
    { email: EMAIL, password, name: "Admin", role: "admin" },
  );
  return created.kind === "created" ? { email: EMAIL, password } : null;
}
