import type { App } from "@/lib/app/app.ts";
import { type Failure, failure, type InvalidFields, invalidFields } from "@/lib/contract/errors.ts";
import { validatePassword } from "@/lib/passwords/rules.ts";

/**
 * Makes the hash of a password that somebody chose.
 *
 * 1. the rules refuse it → the field and why
 * 2. hashing is busy → `unavailable`
 * 3. else → its hash
 *
 * @param person whose name and address it must not be made of
 */
export async function hashNewPassword(
  app: App,
  password: string,
  person: { email: string; name: string },
): Promise<{ kind: "hashed"; passwordHash: string } | Failure | InvalidFields> {
  const objections = validatePassword(password, person);
  if (objections.length > 0) return invalidFields({ password: objections });
  const hashed = await app.passwords.hash(password);
  return hashed.kind === "hashed" ? hashed : failure("unavailable");
}
