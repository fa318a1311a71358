import type { Executor } from "@/db/client.ts";
import type { User } from "@/db/queries/users.ts";
import type { Call } from "@/lib/app/call.ts";
import { openChallenge } from "@/lib/auth/challenges/open-challenge.ts";
import { CODE_LIFETIME_SECONDS } from "@/lib/auth/limits/lifetimes.ts";
import type { Failure } from "@/lib/contract/errors.ts";
import type { StartedChallenge } from "@/lib/contract/two-factor.ts";
import { refuseWhileClosed } from "./code-closure.ts";
import { hasStrongFactor, methodsOf } from "./methods.ts";
import { sendCode } from "./send-code.ts";

/** Whom a log-in or step-up asks for a proof; of a step-up, the session that asked. */
type Asked = { user: User } & ({ purpose: "log-in" } | { purpose: "step-up"; sessionId: string });

/**
 * Opens the challenge that a log-in or step-up waits for, in the caller's transaction, which has locked the person.
 *
 * 1. they have no strong factor → a code by mail, or its refusal
 * 2. code entry is closed for them → `throttled`
 * 3. else → what they can prove it by; no mail goes out
 */
export async function askForProof(
  transaction: Executor,
  call: Call,
  asked: Asked,
): Promise<{ kind: "asked"; challenge: StartedChallenge } | Failure> {
  const { user, purpose } = asked;
  const { app, device, now } = call;
  const sessionId = purpose === "step-up" ? asked.sessionId : undefined;
  if (!hasStrongFactor(user)) {
    const sent = await sendCode(transaction, call, {
      purpose,
      user,
      device,
      ...(sessionId !== undefined && { sessionId }),
    });
    return sent.kind === "failure" ? sent : { kind: "asked", challenge: sent.challenge };
  }
  const closed = refuseWhileClosed(user, now);
  if (closed) return closed;
  const lifetimeSeconds = CODE_LIFETIME_SECONDS;
  const challenge = await openChallenge(
    transaction,
    { purpose, userId: user.id, sessionId, lifetimeSeconds },
    now,
  );
  return {
    kind: "asked",
    challenge: { challenge, methods: methodsOf(app, user), expires_in: lifetimeSeconds },
  };
}
