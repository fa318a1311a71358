import { findSession, type RotatedSession, type Session } from "@/db/queries/sessions.ts";
import type { App } from "@/lib/app.ts";
import type { Device } from "@/lib/audit.ts";
import { type Failure, tokenNotValid } from "@/lib/contract/errors.ts";
import { hmacBytes } from "@/lib/crypto.ts";
import { signAccessToken, signTokenPair, type TokenPair, tokenEnd } from "@/lib/tokens/session-tokens.ts";
import { endReason } from "./end-reason.ts";
import { RETRY_KEY_LIFETIME_SECONDS } from "./lifetimes.ts";
import type { RefreshClaims } from "./read-refresh-token.ts";
import { revokeForReuse } from "./revoke-for-reuse.ts";

/** A refresh token that was presented, and what its bearer shows besides. */
export type Asked = {
  claims: RefreshClaims;
  delivery: "json" | "cookie";
  retryKey: string | null;
  device: Device;
  /** How long after a rotation the spent token may come back without ending the session; usually not at all. */
  sparedSeconds?: number;
};

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

/** A new access token to the outstanding refresh token, which stays outstanding; else as `judgeUnrotated` says. */
export async function issueAccess(app: App, asked: Asked, now: Date): Promise<Refreshed | Failure> {
  const found = await findSession(app.db, asked.claims.sessionId);
  const ended = !found || endReason(app, found.session, found.isActive, now);
  if (ended || found.session.generation !== asked.claims.generation) return judgeUnrotated(app, asked, now);
  const access = await signAccessToken(app.tokens.keys, found.session, app.tokens.policy, now);
  return { kind: "refreshed", session: found.session, tokens: { access } };
}

/** What a token deserves that its session does not stand at: ended, invalid, a retry, or reuse. */
export async function judgeUnrotated(app: App, asked: Asked, now: Date): Promise<Refreshed | Failure> {
  const { claims, device, sparedSeconds = 0 } = asked;
  const found = await findSession(app.db, claims.sessionId);
  if (!found || found.session.userId !== claims.userId) return tokenNotValid("invalid");
  const { session } = found;
  const ended = endReason(app, session, found.isActive, now);
  if (ended) return tokenNotValid(ended === "expired" ? ended : "blacklisted", ended);
  if (claims.generation >= session.generation) return tokenNotValid("invalid");
  if (isRetry(app, session, asked, now)) {
    app.metrics.refreshJudged("retried");
    return handOutAgain(app, session, asked, now);
  }
  if (ageSeconds(session, now) < sparedSeconds) return tokenNotValid("blacklisted", "rotated");
  app.metrics.refreshJudged("reused");
  return revokeForReuse(app, claims, device, now);
}

function isRetry(app: App, session: Session, { claims, delivery, retryKey }: Asked, now: Date): boolean {
  if (session.generation !== claims.generation + 1) return false;
  const age = ageSeconds(session, now);
  const sameKey = retryKey !== null && session.retryKeyHash?.equals(hashRetryKey(app, retryKey));
  if (sameKey && age < RETRY_KEY_LIFETIME_SECONDS) return true;
  const { REFRESH_RETRY_WINDOW, REFRESH_RETRY_WINDOW_JSON } = app.settings;
  return age < (delivery === "cookie" ? REFRESH_RETRY_WINDOW : REFRESH_RETRY_WINDOW_JSON);
}

/**
 * The same pair. A cookie, which nobody compares with the lost one, holds no access token that ran out meanwhile: its
 * page could do nothing with it but refresh again.
 */
async function handOutAgain(app: App, session: Session, { delivery }: Asked, now: Date): Promise<Refreshed> {
  const again = await handOutPair(app, session);
  if (delivery === "json" || tokenEnd(again.tokens.access) > now) return again;
  const access = await signAccessToken(app.tokens.keys, session, app.tokens.policy, now);
  return { ...again, tokens: { ...again.tokens, access } };
}

/** A loser that arrived before the winner, or on a host whose clock is behind, is no younger than the rotation. */
function ageSeconds({ rotatedAt }: Session, now: Date): number {
  return Math.max(0, now.getTime() - rotatedAt.getTime()) / 1000;
}

/** What is kept of an Idempotency-Key. */
export function hashRetryKey(app: App, retryKey: string): Buffer {
  return hmacBytes(app.retryKeyHashing, retryKey);
}
