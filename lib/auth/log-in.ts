import type { Session } from "@/db/queries/sessions.ts";
import { claimLogIn, findUserByEmail, replacePasswordHash, type User } from "@/db/queries/users.ts";
import type { App } from "@/lib/app.ts";
import { type Device, recordEvents } from "@/lib/audit.ts";
import { type Failure, failure } from "@/lib/contract/errors.ts";
import { needsRehash } from "@/lib/passwords.ts";
import { signTokenPair, type TokenPair } from "@/lib/tokens/session-tokens.ts";
import { createSession } from "./create-session.ts";

export type LoggedIn = { kind: "logged-in"; user: User; session: Session; tokens: TokenPair };

/**
 * Logs a person in with address and password, on a device.
 *
 * 1. more log-ins wait for hashing than the bound allows → `unavailable`
 * 2. no such address, wrong password, inactive or unverified → `no_active_account`; all alike, after the same work
 * 3. the account asks for a code → `two_factor_required`, and no session
 * 4. else → a session with its first token pair
 */
export async function logIn(
  app: App,
  { email, password }: { email: string; password: string },
  device: Device,
  now: Date,
): Promise<LoggedIn | Failure> {
  const user = await findUserByEmail(app.db, email.trim());
  const { kind } = await app.passwords.verify(password, user?.passwordHash ?? null);
  if (kind === "busy") return failure("unavailable");

  const passwordHash = user?.passwordHash;
  if (kind === "mismatch" || !user || !passwordHash || !user.isActive || !user.emailVerifiedAt) {
    await recordEvents(app.db, [{ type: "login.failed", userId: user?.id, device }], now);
    return failure("no_active_account");
  }
  if (user.twoFactorEmail) return failure("two_factor_required");

  const session = await app.db.transaction(async (transaction) => {
    const lastLoginAt = app.settings.UPDATE_LAST_LOGIN ? now : null;
    const claimed = await claimLogIn(transaction, { userId: user.id, passwordHash, lastLoginAt });
    return claimed && createSession(transaction, app, { user: claimed, amr: ["pwd"] }, device, now);
  });
  if (!session) return failure("no_active_account");
  if (needsRehash(passwordHash)) await rehash(app, user.id, passwordHash, password);
  const tokens = await signTokenPair(app.tokens.keys, session, app.tokens.policy);
  return { kind: "logged-in", user, session, tokens };
}

/** Brings the stored hash to today's parameters; when hashing is busy, the next log-in will. */
async function rehash(app: App, userId: string, passwordHash: string, password: string): Promise<void> {
  const rehashed = await app.passwords.hash(password);
  if (rehashed.kind === "hashed")
    await replacePasswordHash(app.db, userId, passwordHash, rehashed.passwordHash);
}
