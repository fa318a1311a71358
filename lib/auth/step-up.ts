import type { Executor } from "@/db/client.ts";
import { recordAuthentication, type Session } from "@/db/queries/sessions.ts";
import { lockUser } from "@/db/queries/users.ts";
import type { App } from "@/lib/app.ts";
import { type Device, recordEvents } from "@/lib/audit.ts";
import { readTypedCode } from "@/lib/codes.ts";
import { bearerNotValid, type Failure, failure, type InvalidFields } from "@/lib/contract/errors.ts";
import type { StartedChallenge } from "@/lib/contract/two-factor.ts";
import { signAccessToken } from "@/lib/tokens/session-tokens.ts";
import { NOT_SIX_DIGITS } from "./answer-challenge.ts";
import { judgeCode } from "./judge-code.ts";
import { judgeOwnPassword } from "./judge-own-password.ts";
import { challengeName } from "./open-challenge.ts";
import type { Principal } from "./principal.ts";
import { sendCode } from "./send-code.ts";

export type SteppedUp = { kind: "stepped-up"; session: Session; tokens: { access: string } };

/** Starts a step-up: mails a code for this very session. Limits and refusals are those of every code. */
export async function startStepUp(
  app: App,
  { user, session }: Principal,
  device: Device,
  now: Date,
): Promise<{ kind: "sent"; challenge: StartedChallenge } | Failure> {
  const outcome = await app.db.transaction(async (transaction) => {
    const locked = await lockUser(transaction, { userId: user.id });
    if (!locked) return bearerNotValid("blacklisted", "account_deactivated");
    return sendCode(
      transaction,
      app,
      { user: locked, purpose: "step-up", sessionId: session.id, device },
      now,
    );
  });
  app.mail.wake();
  return outcome;
}

/** Confirms with the password that it's still the same person; guesses count as log-in failures do. */
export async function stepUpWithPassword(
  app: App,
  principal: Principal,
  password: string,
  device: Device,
  now: Date,
): Promise<SteppedUp | Failure | InvalidFields> {
  const { user } = principal;
  const refused = await judgeOwnPassword(app, principal, password, device, now);
  if (refused) return refused;
  return app.db.transaction(async (transaction) => {
    const locked = await lockUser(transaction, { userId: user.id, passwordHash: user.passwordHash ?? "" });
    return locked ? confirm(transaction, app, principal, device, now) : failure("recent_login_required");
  });
}

/**
 * Confirms with a code from the mail.
 *
 * 1. not six digits → the field and why; no try is spent
 * 2. a challenge that another session started, or that is for something else → `challenge_not_valid`
 * 3. wrong, exhausted, closed → as for a log-in
 * 4. right → a new access token, and `auth_time` of this session is now
 */
export async function stepUpWithCode(
  app: App,
  principal: Principal,
  answer: { challenge: string; code: string },
  device: Device,
  now: Date,
): Promise<SteppedUp | Failure | InvalidFields> {
  const code = readTypedCode(answer.code);
  if (code === null) return NOT_SIX_DIGITS;
  const name = { ...challengeName(answer.challenge, "step-up"), sessionId: principal.session.id };
  const outcome = await app.db.transaction(async (transaction) => {
    const user = await lockUser(transaction, { userId: principal.user.id });
    if (!user) return failure("challenge_not_valid");
    const judged = await judgeCode(transaction, app, { name, code, user, device }, now);
    return judged.kind === "right" ? confirm(transaction, app, principal, device, now) : judged;
  });
  app.mail.wake();
  return outcome;
}

async function confirm(
  transaction: Executor,
  app: App,
  { user, session }: Principal,
  device: Device,
  now: Date,
) {
  const confirmed = await recordAuthentication(transaction, session.id, now);
  if (!confirmed) return bearerNotValid("blacklisted");
  await recordEvents(
    transaction,
    [{ type: "login.confirmed", userId: user.id, sessionId: session.id, device }],
    now,
  );
  const access = await signAccessToken(app.tokens.keys, confirmed, app.tokens.policy, now);
  return { kind: "stepped-up", session: confirmed, tokens: { access } } as const;
}
