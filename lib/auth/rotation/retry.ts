import type { RotatedSession } from "@/db/queries/rotate-session.ts";
import { findSession, type Session, takeRetry } from "@/db/queries/sessions.ts";
import type { App } from "@/lib/app/app.ts";
import type { Moment } from "@/lib/app/call.ts";
import { recordEvent } from "@/lib/audit/record.ts";
import { RETRIES_PER_GENERATION } from "@/lib/auth/limits/lifetimes.ts";
import { endReason } from "@/lib/auth/sessions/end-reason.ts";
import { type Failure, tokenNotValid } from "@/lib/contract/errors.ts";
import { signAccessToken, signTokenPair, type TokenPair, tokenEnd } from "@/lib/tokens/session-tokens.ts";
import { type Asked, isSpared, retryRight } from "./may-retry.ts";
import { revokeForReuse } from "./revoke-for-reuse.ts";

/** `refresh` is absent where nothing was rotated. */
export type Refreshed = {
  kind: "refreshed";
  session: RotatedSession;
  tokens: { access: string; refresh?: string };
};

/** The pair of a session's present generation. */
export async function handOutPair(app: App, session: RotatedSession): Promise<Refreshed> {
  const tokens: TokenPair = await signTokenPair(app.tokens.keys, session, app.tokens.policy);
  return { kind: "refreshed", session, tokens };
}

/**
 * A new access token to the outstanding refresh token, which stays outstanding; else as `settleUnrotated` says. A page
 * opens only a session that keeps its tokens in cookies.
 */
export async function issueAccess(call: Moment, asked: Asked): Promise<Refreshed | Failure> {
  const { app, now } = call;
  const { claims } = asked;
  const found = await findSession(app.db, { id: claims.sessionId, userId: claims.userId });
  if (!found) return tokenNotValid("invalid");
  const ended = endReason(call, found.session, found.isActive);
  if (ended || found.session.generation !== claims.generation) return settleUnrotated(call, asked);
  if (asked.pageSparedSeconds !== undefined && found.session.delivery === "json")
    return tokenNotValid("invalid");
  const access = await signAccessToken(app.tokens.keys, found.session, app.tokens.policy, now);
  return { kind: "refreshed", session: found.session, tokens: { access } };
}

/**
 * What a token deserves that its session does not stand at.
 *
 * 1. no session of this person, or a generation that has not come yet → invalid
 * 2. the session ended → refused, with the reason
 * 3. the answer was lost, as the winning key or the retry window shows → the same pair again
 * 4. spent moments ago by the client that asks, or by a browser whose page was under way → refused as `rotated`,
 *    nothing more: calls of one client at once lose themselves, not the session
 * 5. else → reuse
 */
export async function settleUnrotated(call: Moment, asked: Asked): Promise<Refreshed | Failure> {
  const { app, now } = call;
  const { claims, device } = asked;
  const found = await findSession(app.db, { id: claims.sessionId, userId: claims.userId });
  if (!found) return tokenNotValid("invalid");
  const { session } = found;
  const ended = endReason(call, session, found.isActive);
  if (ended) return tokenNotValid(ended === "expired" ? ended : "blacklisted", ended);
  if (claims.generation >= session.generation) return tokenNotValid("invalid");
  const right = retryRight(call, session, asked);
  if (right !== null && (await claimRetry(call, session, asked, right))) {
    app.metrics.refreshAnswered("retried");
    return handOutAgain(call, session);
  }
  if (right !== null || isSpared(call, session, asked)) return tokenNotValid("blacklisted", "rotated");
  app.metrics.refreshAnswered("reused");
  return revokeForReuse({ app, device, now }, claims);
}

/**
 * Takes a retry of the window; a key needs none, but what goes to another address than the rotation's is recorded, as
 * often as a window would give it.
 */
async function claimRetry(
  { app, now }: Moment,
  session: Session,
  { device }: Asked,
  right: "key" | "window",
): Promise<boolean> {
  const elsewhere = session.ip !== device.ip;
  if (right === "key" && !elsewhere) return true;
  return app.transaction(async (transaction) => {
    const taken = await takeRetry(transaction, session, RETRIES_PER_GENERATION);
    if (taken && elsewhere) {
      const { id: sessionId, userId } = session;
      await recordEvent(transaction, { type: "refresh_token.retried", userId, sessionId, device }, now);
    }
    return taken || right === "key";
  });
}

/** The same pair; an access token that ran out meanwhile is issued anew, for nobody could do anything with it. */
async function handOutAgain({ app, now }: Moment, session: Session): Promise<Refreshed> {
  const again = await handOutPair(app, session);
  if (tokenEnd(again.tokens.access) > now) return again;
  const access = await signAccessToken(app.tokens.keys, session, app.tokens.policy, now);
  return { ...again, tokens: { ...again.tokens, access } };
}
