import type { Executor } from "@/db/client.ts";
import { recordAuthentication, type Session } from "@/db/queries/sessions.ts";
import { lockUser } from "@/db/queries/users.ts";
import { recordEvent } from "@/lib/audit/record.ts";
import { challengeKey } from "@/lib/auth/challenges/open-challenge.ts";
import { askForProof } from "@/lib/auth/factors/ask-for-proof.ts";
import { hasStrongFactor } from "@/lib/auth/factors/methods.ts";
import { redeemProof } from "@/lib/auth/factors/redeem-proof.ts";
import { verifyOwnPassword } from "@/lib/auth/password/verify-own-password.ts";
import { lockCaller } from "@/lib/auth/sessions/lock-caller.ts";
import type { LoggedInCall } from "@/lib/auth/sessions/principal.ts";
import { bearerNotValid, type Failure, failure, type InvalidFields } from "@/lib/contract/errors.ts";
import type { Proof, StartedChallenge } from "@/lib/contract/two-factor.ts";
import { signAccessToken } from "@/lib/tokens/session-tokens.ts";
import type { CodeNeeded } from "./log-in.ts";

export type SteppedUp = { kind: "stepped-up"; session: Session; tokens: { access: string } };

/** Starts a step-up of this very session: mails a code, or asks for a strong factor. Limits are those of every code. */
export async function startStepUp(
  call: LoggedInCall,
): Promise<{ kind: "asked"; challenge: StartedChallenge } | Failure> {
  return call.app.transaction(async (transaction) => {
    const caller = await lockCaller(transaction, call);
    if (caller.kind === "failure") return caller;
    const { user, session } = caller;
    return askForProof(transaction, call, { user, purpose: "step-up", sessionId: session.id });
  });
}

/**
 * Confirms with the password that it's still the same person; guesses count as log-in failures do.
 *
 * 1. a wrong password, too many of them, or hashing is busy → as `verifyOwnPassword` says
 * 2. the password was changed meanwhile → `recent_login_required`
 * 3. the person has a strong factor → `two-factor-required`: a challenge, for the password alone proves too little
 * 4. else → a new access token, and `auth_time` of this session is now
 */
export async function stepUpWithPassword(
  call: LoggedInCall,
  password: string,
): Promise<SteppedUp | CodeNeeded | Failure | InvalidFields> {
  const { app, principal } = call;
  const { user, session } = principal;
  const refused = await verifyOwnPassword(call, password);
  if (refused) return refused;
  const outcome = await app.transaction(async (transaction) => {
    const locked = await lockUser(transaction, { userId: user.id, passwordHash: user.passwordHash ?? "" });
    if (!locked) return failure("recent_login_required");
    if (!hasStrongFactor(locked)) return confirm(transaction, call, ["pwd"]);
    return askForProof(transaction, call, { user: locked, purpose: "step-up", sessionId: session.id });
  });
  return outcome.kind === "asked"
    ? { kind: "two-factor-required", purpose: "step-up", challenge: outcome.challenge }
    : outcome;
}

/**
 * Confirms with whatever the challenge asked for.
 *
 * 1. no code of that method → the field and why; no try is spent
 * 2. the session has ended by now, or the account is inactive or gone → refused as everywhere
 * 3. a challenge that another session started, or that is for something else → `challenge_not_valid`
 * 4. wrong, exhausted, closed, not offered → as for a log-in
 * 5. right → a new access token, `auth_time` of this session is now, and its `amr` says what was proven too
 */
export async function stepUpWithProof(
  call: LoggedInCall,
  { challenge, proof }: { challenge: string; proof: Proof },
): Promise<SteppedUp | Failure | InvalidFields> {
  const key = { ...challengeKey(challenge, "step-up"), sessionId: call.principal.session.id };
  return redeemProof(
    call,
    { key, proof },
    (transaction) => lockCaller(transaction, call),
    (transaction, _, { amr }) => confirm(transaction, call, amr),
  );
}

async function confirm(
  transaction: Executor,
  { app, principal: { user, session }, device, now }: LoggedInCall,
  amr: readonly string[],
) {
  const confirmed = await recordAuthentication(transaction, session.id, { amr, at: now }, now);
  if (!confirmed) return bearerNotValid("blacklisted");
  const event = { type: "login.confirmed", userId: user.id, sessionId: session.id, device } as const;
  await recordEvent(transaction, event, now);
  const access = await signAccessToken(app.tokens.keys, confirmed, app.tokens.policy, now);
  return { kind: "stepped-up", session: confirmed, tokens: { access } } as const;
}
