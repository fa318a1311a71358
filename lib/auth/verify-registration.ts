import type { Executor } from "@/db/client.ts";
import { type Challenge, endLocked, findChallenge, lockOpenRegistrations } from "@/db/queries/challenges.ts";
import { insertUser, type User } from "@/db/queries/users.ts";
import type { App } from "@/lib/app.ts";
import { type Device, recordEvents } from "@/lib/audit.ts";
import { readTypedCode } from "@/lib/codes.ts";
import { type Failure, failure, type InvalidFields } from "@/lib/contract/errors.ts";
import { randomUUID } from "@/lib/crypto.ts";
import { signTokenPair } from "@/lib/tokens/session-tokens.ts";
import { NOT_SIX_DIGITS } from "./answer-challenge.ts";
import { createSession } from "./create-session.ts";
import { judgeCode } from "./judge-code.ts";
import type { LoggedIn } from "./log-in.ts";
import { challengeName } from "./open-challenge.ts";
import { refuseWhileRegistrationIsClosed } from "./register.ts";

/**
 * Completes a registration with the code from the mail.
 *
 * 1. registration is closed → `permission_denied`
 * 2. not six digits, spaces and dashes aside → the field and why; no try is spent
 * 3. a challenge for anything else, unknown, expired, used or exhausted, or whose address has got an account
 *    meanwhile → `challenge_not_valid`
 * 4. a wrong code → `code_not_valid` with the tries left
 * 5. the right one → the account, with the password of this very registration, and its first session. Every other
 *    registration of the address ends; of simultaneous right answers, to one or to several, exactly one gets it
 */
export async function verifyRegistration(
  app: App,
  answer: { challenge: string; code: string },
  device: Device,
  now: Date,
): Promise<LoggedIn | Failure | InvalidFields> {
  const closed = refuseWhileRegistrationIsClosed(app);
  if (closed) return closed;
  const code = readTypedCode(answer.code);
  if (code === null) return NOT_SIX_DIGITS;
  const name = challengeName(answer.challenge, "register");
  const email = (await findChallenge(app.db, name))?.email;
  if (!email) return failure("challenge_not_valid");

  const outcome = await app.db.transaction(async (transaction) => {
    const registrations = await lockOpenRegistrations(transaction, email, now);
    const judged = await judgeCode(transaction, app, { name, code, user: null, device }, now);
    if (judged.kind === "failure") return judged;
    await endLocked(transaction, registrations, now);
    const user = await makeAccount(transaction, app, judged.challenge, now);
    if (!user) return failure("challenge_not_valid");
    await recordEvents(transaction, [{ type: "user.registered", userId: user.id, device }], now);
    const session = await createSession(transaction, app, { user, amr: ["pwd", "otp"] }, device, now);
    return { kind: "entered", user, session } as const;
  });
  app.mail.wake();
  if (outcome.kind === "failure") return outcome;
  const tokens = await signTokenPair(app.tokens.keys, outcome.session, app.tokens.policy);
  return { ...outcome, kind: "logged-in", tokens, deviceToken: null };
}

/** The account that a proven registration asked for; undefined where the address is taken. */
async function makeAccount(
  transaction: Executor,
  app: App,
  { email, name, passwordHash }: Challenge,
  now: Date,
): Promise<User | undefined> {
  if (!email || !passwordHash) throw new Error("a registration without an address or a password");
  return insertUser(transaction, {
    id: randomUUID(),
    email,
    name: name ?? "",
    role: "user",
    passwordHash,
    emailVerifiedAt: now,
    twoFactorEmail: app.settings.TWO_FACTOR_DEFAULT === "email",
    createdAt: now,
  });
}
