import type { Executor } from "@/db/client.ts";
import { type Application, holdApplication } from "@/db/queries/applications.ts";
import { type Challenge, consumeChallenge, findChallenge } from "@/db/queries/challenges.ts";
import { lockSession } from "@/db/queries/sessions.ts";
import { lockUser } from "@/db/queries/users.ts";
import type { Call } from "@/lib/app/call.ts";
import { challengeKey } from "@/lib/auth/challenges/open-challenge.ts";
import { createSession } from "@/lib/auth/sessions/create-session.ts";
import { endReason } from "@/lib/auth/sessions/end-reason.ts";
import { endSessions } from "@/lib/auth/sessions/end-sessions.ts";
import { constantTimeEqual, sha256 } from "@/lib/base/crypto.ts";
import { signTokenPair } from "@/lib/tokens/session-tokens.ts";
import { describeTokens, type IssuedTokens } from "./describe-tokens.ts";

export type CodeRedemption = { code: string; redirectUri: string; verifier: string };

/**
 * Redeems an authorization code for a session of its own (RFC 6749 §4.1.3, RFC 7636 §4.6, RFC 9700 §4.5).
 *
 * 1. no code of ours, or another application's, address or verifier's → refused, and not spent
 * 2. the browser's session or its person ended since, or the application did → refused
 * 3. it was used before, by somebody who was faster too → refused, and the session that it made is over
 * 4. it is older than a minute, or was voided → refused
 * 5. else → a session, opened from the browser's: of any number of simultaneous uses, on any number of processes,
 *    exactly one makes it
 */
export async function redeemCode(
  call: Call,
  application: Application,
  { code, redirectUri, verifier }: CodeRedemption,
): Promise<IssuedTokens | { kind: "refused" }> {
  const { app, now } = call;
  const key = challengeKey(code, "authorization-code");
  const found = await findChallenge(app.db, key);
  if (!found || !isFor(found, application, redirectUri, verifier)) return { kind: "refused" };
  const { userId, sessionId, authorization } = found;
  if (!userId || !sessionId || !authorization) return { kind: "refused" };

  const opened = await app.transaction(async (transaction) => {
    const user = await lockUser(transaction, { userId });
    const from = user && (await lockSession(transaction, { id: sessionId, userId }));
    const held = from && (await holdApplication(transaction, application.id));
    if (!held || endReason(call, from, user.isActive)) return null;
    if (!(await consumeChallenge(transaction, key, now))) {
      await endUsed(transaction, call, { id: found.id, userId });
      return null;
    }
    const proof = { id: found.id, from, application: held, scope: authorization.scope };
    const session = await createSession(transaction, call, { user, amr: from.amr, opened: proof });
    return { user, session };
  });
  if (!opened) return { kind: "refused" };
  const tokens = await signTokenPair(app.tokens.keys, opened.session, app.tokens.policy);
  return describeTokens(call, { ...opened, tokens, nonce: authorization.nonce });
}

/** Whether a code was made for this application, for this address, and for whoever knows the verifier. */
function isFor(
  { applicationId, authorization }: Challenge,
  application: Application,
  redirectUri: string,
  verifier: string,
): boolean {
  return (
    applicationId === application.id &&
    authorization?.redirectUri === redirectUri &&
    constantTimeEqual(authorization.codeChallenge, sha256(verifier).toString("base64url"))
  );
}

/** A session has the id of the code that made it; a code that was voided made none. */
async function endUsed(transaction: Executor, call: Call, code: { id: string; userId: string }) {
  const scope = { sessionId: code.id, userId: code.userId };
  await endSessions(transaction, call, scope, { reason: "token_reused", device: call.device });
}
