import { insertUser, type User } from "@/db/queries/users.ts";
import type { Moment } from "@/lib/app/call.ts";
import { recordEvent } from "@/lib/audit/record.ts";
import { hashNewPassword } from "@/lib/auth/password/hash-new-password.ts";
import { randomUUID } from "@/lib/base/crypto.ts";
import { parseEmailAddress } from "@/lib/contract/email-address.ts";
import { type Failure, type InvalidFields, invalidFields } from "@/lib/contract/errors.ts";

export type NewUser = {
  email: string;
  password: string;
  name?: string;
  role?: "user" | "admin";
  twoFactorEmail?: boolean;
};

/**
 * Makes an account whose address counts as proven, by the word of an operator.
 *
 * 1. an address or a password that the rules refuse → the fields and why
 * 2. hashing is busy → `unavailable`
 * 3. the address has an account, in any case → `taken`, and that account stays as it is
 * 4. else → the new person
 */
export async function createUser(
  { app, now }: Moment,
  { email, password, name = "", role = "user", twoFactorEmail }: NewUser,
): Promise<{ kind: "created"; user: User } | { kind: "taken" } | Failure | InvalidFields> {
  const address = parseEmailAddress(email);
  if (!address) return invalidFields({ email: ["Enter a valid email address."] });
  const hashed = await hashNewPassword(app, password, { email: address, name });
  if (hashed.kind !== "hashed") return hashed;
  return app.transaction(async (transaction) => {
    const user = await insertUser(transaction, {
      id: randomUUID(),
      email: address,
      name,
      role,
      passwordHash: hashed.passwordHash,
      emailVerifiedAt: now,
      twoFactorEmail: twoFactorEmail ?? app.settings.TWO_FACTOR_DEFAULT === "email",
      createdAt: now,
    });
    if (!user) return { kind: "taken" };
    await recordEvent(transaction, { type: "user.created", userId: user.id, data: { role } }, now);
    return { kind: "created", user };
  });
}
