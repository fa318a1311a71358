import type { Session } from "@/db/queries/sessions.ts";
import { findUser, findUserByEmail, lockUser, replacePasswordHash, type User } from "@/db/queries/users.ts";
import type { App } from "@/lib/app.ts";
import { type Device, recordEvents } from "@/lib/audit.ts";
import { parseEmailAddress } from "@/lib/contract/email-address.ts";
import { type Failure, failure } from "@/lib/contract/errors.ts";
import { NIL_UUID } from "@/lib/crypto.ts";
import { needsRehash } from "@/lib/passwords.ts";
import { clientNetwork, countPasswordTry, rateLimit } from "@/lib/rate-limit.ts";
import { signTokenPair, type TokenPair } from "@/lib/tokens/session-tokens.ts";
import { createSession } from "./create-session.ts";
import { LOG_IN_ATTEMPTS } from "./lifetimes.ts";
import { sendCode } from "./send-code.ts";
import { recognizeDevice, rotateDeviceSecret } from "./trust-device.ts";

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

/** Nobody's address, looked up where what was typed is none, so that the work is the same. */
const NO_ADDRESS = "";

/**
 * Logs a person in with address and password, on a device.
 *
 * 1. too many tries from this client, or on this account by strangers → `throttled`
 * 2. more log-ins wait for hashing than the bound allows → `unavailable`
 * 3. no such address, wrong password, inactive or unverified → `no_active_account`; all alike, after the same work
 * 4. the account asks for a code and this is no trusted device → `two_factor_required`: a challenge, never a session
 * 5. else → a session with its first token pair
 */
export async function logIn(app: App, input: LogIn, device: Device, now: Date): Promise<LoggedIn | Failure> {
  const email = parseEmailAddress(input.email) ?? NO_ADDRESS;
  const deviceToken = input.deviceToken ?? null;
  const network = { purpose: "log-in from", subject: clientNetwork(device.ip) };
  const tooFast = await rateLimit(app, app.db, network, LOG_IN_ATTEMPTS, now);
  if (tooFast) return tooFast;

  const user = await findUserByEmail(app.db, email);
  const counted = await countPasswordTry(
    app,
    await budgetOf(app, email || input.email, user, deviceToken, now),
    now,
  );
  if (counted.kind === "failure") return counted;
  const { kind } = await app.passwords.verify(input.password, user?.passwordHash ?? null);
  if (kind === "busy") {
    await counted.takeBack();
    return failure("unavailable");
  }

  const passwordHash = user?.passwordHash;
  if (kind === "mismatch" || !user || !passwordHash || !user.isActive || !user.emailVerifiedAt) {
    await recordEvents(app.db, [{ type: "login.failed", userId: user?.id, device }], now);
    return failure("no_active_account");
  }
  await counted.forgive();
  const entered = await enter(app, { userId: user.id, passwordHash }, deviceToken, device, now);
  if (entered) {
    if (needsRehash(passwordHash)) await rehash(app, user.id, passwordHash, input.password);
    return entered;
  }
  const renewed = needsRehash(passwordHash) ? await findRehashed(app, user.id, input.password) : null;
  return (renewed && (await enter(app, renewed, deviceToken, device, now))) ?? failure("no_active_account");
}

/** Whose budget a try counts on. A trusted device has its own, so that no stranger can lock its owner out. */
async function budgetOf(
  app: App,
  email: string,
  user: User | undefined,
  deviceToken: string | null,
  now: Date,
) {
  const known =
    deviceToken === null ? null : await recognizeDevice(app.db, user?.id ?? NIL_UUID, deviceToken, now);
  return known === null
    ? { purpose: "log-in to", subject: email.toLowerCase() }
    : { purpose: "log-in on trusted device", subject: known };
}

/** What a right password opens: a session, or the challenge before it. Null when the account changed meanwhile. */
async function enter(
  app: App,
  proven: { userId: string; passwordHash: string },
  deviceToken: string | null,
  device: Device,
  now: Date,
): Promise<LoggedIn | Failure | null> {
  const outcome = await app.db.transaction(async (transaction) => {
    const user = await lockUser(transaction, proven);
    if (!user) return null;
    const next =
      deviceToken === null ? null : await rotateDeviceSecret(transaction, user.id, deviceToken, device, now);
    if (user.twoFactorEmail && next === null) {
      return sendCode(transaction, app, { user, purpose: "log-in", device }, now);
    }
    const session = await createSession(transaction, app, { user, amr: ["pwd"] }, device, now);
    return { kind: "entered", user, session, deviceToken: next } as const;
  });
  app.mail.wake();
  if (!outcome || outcome.kind === "failure") return outcome;
  if (outcome.kind === "sent") return failure("two_factor_required", undefined, outcome.challenge);
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
