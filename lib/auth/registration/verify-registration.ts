import type { Executor } from "@/db/client.ts";
import {
  type Challenge,
  type ChallengeKey,
  endLocked,
  findChallenge,
  lockOpenRegistrations,
} from "@/db/queries/challenges.ts";
import { insertUser, type User } from "@/db/queries/users.ts";
import type { Call, Moment } from "@/lib/app/call.ts";
import { recordEvent } from "@/lib/audit/record.ts";
import { challengeKey } from "@/lib/auth/challenges/open-challenge.ts";
import { type CodeAnswer, redeemProof } from "@/lib/auth/factors/redeem-proof.ts";
import type { LoggedIn } from "@/lib/auth/log-in/log-in.ts";
import { createSession } from "@/lib/auth/sessions/create-session.ts";
import { randomUUID } from "@/lib/base/crypto.ts";
import { type Failure, failure, type InvalidFields } from "@/lib/contract/errors.ts";
import { signTokenPair } from "@/lib/tokens/session-tokens.ts";
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
  call: Call,
  { challenge, code }: CodeAnswer,
): Promise<LoggedIn | Failure | InvalidFields> {
  const { app, device, now } = call;
  const closed = refuseWhileRegistrationIsClosed(app);
  if (closed) return closed;
  const key = challengeKey(challenge, "register");
  const outcome = await redeemProof(
    call,
    { key, proof: { method: "email", code } },
    (transaction) => lockRegistrations(transaction, key, now),
    async (transaction, { registrations }, { challenge: proven, amr }) => {
      await endLocked(transaction, registrations, now);
      const user = await makeAccount(transaction, call, proven);
      if (!user) return failure("challenge_not_valid");
      await recordEvent(transaction, { type: "user.registered", userId: user.id, device }, now);
      const session = await createSession(transaction, call, { user, amr: ["pwd", ...amr] });
      return { kind: "entered", user, session } as const;
    },
  );
  if (outcome.kind !== "entered") return outcome;
  const tokens = await signTokenPair(app.tokens.keys, outcome.session, app.tokens.policy);
  return { ...outcome, kind: "logged-in", tokens, deviceToken: null };
}

/** Every open registration of the address that this one is about, for of them at most one becomes an account. */
async function lockRegistrations(transaction: Executor, key: ChallengeKey, now: Date) {
  const email = (await findChallenge(transaction, key))?.email;
  if (!email) return failure("challenge_not_valid");
  const registrations = await lockOpenRegistrations(transaction, email, now);
  return { kind: "locked", user: null, registrations } as const;
}

/** The account that a proven registration asked for; undefined where the address is taken. */
async function makeAccount(
  transaction: Executor,
  { app, now }: Moment,
  { email, name, passwordHash }: Challenge,
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
