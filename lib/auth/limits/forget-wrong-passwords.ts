import type { Executor } from "@/db/client.ts";
import type { App } from "@/lib/app/app.ts";
import { forgive } from "./rate-limit.ts";

/**
 * Forgets the wrong passwords that strangers typed for a person's address, so that whoever proved by mail that the
 * account is theirs can log in at once. In the caller's transaction, which holds that proof.
 */
export async function forgetWrongPasswords(
  transaction: Executor,
  app: App,
  { email }: { email: string },
): Promise<void> {
  const limit = "wrong passwords at log-in to an address";
  await forgive(app, transaction, { limit, subject: email.toLowerCase() });
}
