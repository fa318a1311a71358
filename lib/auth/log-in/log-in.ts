import type { Session } from "@/db/queries/sessions.ts";
import { findUser, findUserByEmail, lockUser, replacePasswordHash, type User } from "@/db/queries/users.ts";
import type { App } from "@/lib/app/app.ts";
import type { Call, Moment } from "@/lib/app/call.ts";
import { skipCode } from "@/lib/auth/devices/skip-code.ts";
import { recognizeDevice } from "@/lib/auth/devices/trust-device.ts";
import { askForProof } from "@/lib/auth/factors/ask-for-proof.ts";
import { asksSecondStep } from "@/lib/auth/factors/methods.ts";
import { clientNetwork, countPasswordTry, rateLimit } from "@/lib/auth/limits/rate-limit.ts";
import { createSession } from "@/lib/auth/sessions/create-session.ts";
import { NIL_UUID } from "@/lib/base/crypto.ts";
import { parseEmailAddress } from "@/lib/contract/email-address.ts";
import { type Failure, failure } from "@/lib/contract/errors.ts";
import type { StartedChallenge } from "@/lib/contract/two-factor.ts";
import { needsRehash } from "@/lib/passwords/hash.ts";
import { signTokenPair, type TokenPair } from "@/lib/tokens/session-tokens.ts";
import { recordFailedLogIn } from "./record-failed-log-in.ts";

export type LogIn = {
  email: string;
  password: string;
  /** The secret of a trusted device, where the client holds one. */
  deviceToken?: string | undefined;
};

export type LoggedIn = {
  kind: "logged-in";
  user: User;
  session: Session;
  tokens: TokenPair;
  /** The next secret of a trusted device, where one was used or made. */
  deviceToken: string | null;
};

/** The password was right, and a second step is awaited: a challenge, never a session. */
export type CodeNeeded = {
  kind: "two-factor-required";
  purpose: "log-in" | "step-up";
  challenge: StartedChallenge;
};

/** Nobody's address, looked up where what was typed is none, so that the work is the same. */
const NO_ADDRESS = "";

/**
 * Logs a person in with address and password, on a device.
 *
 * 1. too many tries from this client, or on this account by strangers → `throttled`
 * 2. more log-ins wait for hashing than the bound allows → `unavailable`
 * 3. no such address, wrong password, inactive or unverified → `no_active_account`; all alike, after the same work
 * 4. the account asks for a second step, and this is no trusted device or the account an admin's → `two-factor-required`: a challenge, never a session
 * 5. else → a session with its first token pair
 */
export async function logIn(call: Call, input: LogIn): Promise<LoggedIn | CodeNeeded | Failure> {
  const { app, device } = call;
  const email = parseEmailAddress(input.email) ?? NO_ADDRESS;
  const deviceToken = input.deviceToken ?? null;
  const network = { limit: "log-ins from a client", subject: clientNetwork(device.ip) } as const;
  const tooFast = await rateLimit(call, app.db, network);
  if (tooFast) return tooFast;

  const user = await findUserByEmail(app.db, email);
  const counted = await countPasswordTry(call, await budgetOf(call, email || input.email, user, deviceToken));
  if (counted.kind === "failure") return counted;
  const { kind } = await app.passwords.verify(input.password, user?.passwordHash ?? null);
  if (kind === "busy") {
    await counted.takeBack();
    return failure("unavailable");
  }

  const passwordHash = user?.passwordHash;
  if (kind === "mismatch" || !user || !passwordHash || !user.isActive || !user.emailVerifiedAt) {
    await recordFailedLogIn(call, user?.id);
    return failure("no_active_account");
  }
  await counted.forgive();
  const entered = await enter(call, { userId: user.id, passwordHash }, deviceToken);
  if (entered) {
    if (needsRehash(passwordHash)) await rehash(app, user.id, passwordHash, input.password);
    return entered;
  }
  const renewed = needsRehash(passwordHash) ? await findRehashed(app, user.id, input.password) : null;
  return (renewed && (await enter(call, renewed, deviceToken))) ?? failure("no_active_account");
}

/** Whose budget a try counts on. A trusted device has its own, so that no stranger can lock its owner out. */
async function budgetOf(
  { app, now }: Moment,
  email: string,
  user: User | undefined,
  deviceToken: string | null,
) {
  const known =
    deviceToken === null ? null : await recognizeDevice(app.db, user?.id ?? NIL_UUID, deviceToken, now);
  return known === null
    ? ({ limit: "wrong passwords at log-in to an address", subject: email.toLowerCase() } as const)
    : ({ limit: "wrong passwords at log-in on a trusted device", subject: known } as const);
}

/** What a right password opens: a session, or the challenge before it. Null when the account changed meanwhile. */
async function enter(
  call: Call,
  proven: { userId: string; passwordHash: string },
  deviceToken: string | null,
): Promise<LoggedIn | CodeNeeded | Failure | null> {
  const { app } = call;
  const outcome = await app.transaction(async (transaction) => {
    const user = await lockUser(transaction, proven);
    if (!user) return null;
    const next = deviceToken === null ? null : await skipCode(transaction, call, user, deviceToken);
    if (asksSecondStep(user) && next === null)
      return askForProof(transaction, call, { user, purpose: "log-in" });
    const session = await createSession(transaction, call, { user, amr: ["pwd"] });
    return { kind: "entered", user, session, deviceToken: next } as const;
  });
  if (!outcome || outcome.kind === "failure") return outcome;
  if (outcome.kind === "asked")
    return { kind: "two-factor-required", purpose: "log-in", challenge: outcome.challenge };
  const tokens = await signTokenPair(app.tokens.keys, outcome.session, app.tokens.policy);
  return { ...outcome, kind: "logged-in", tokens };
}

/** Brings the stored hash to today's parameters; when hashing is busy, the next log-in will. */
async function rehash(app: App, userId: string, passwordHash: string, password: string): Promise<void> {
  const rehashed = await app.passwords.hash(password);
  if (rehashed.kind === "hashed") {
    await replacePasswordHash(app.db, userId, passwordHash, rehashed.passwordHash);
  }
}

/** The hash that a log-in of the same moment put in the place of the compared one, if the password fits it too. */
async function findRehashed(app: App, userId: string, password: string) {
  const passwordHash = (await findUser(app.db, userId))?.passwordHash;
  if (!passwordHash) return null;
  const { kind } = await app.passwords.verify(password, passwordHash);
  return kind === "match" ? { userId, passwordHash } : null;
}
