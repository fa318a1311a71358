import { findSession, type RotatedSession, rotateSession, type Session } from "@/db/queries/sessions.ts";
import type { App } from "@/lib/app.ts";
import type { Device } from "@/lib/audit.ts";
import { secondsAfter } from "@/lib/clock.ts";
import { type Failure, tokenNotValid } from "@/lib/contract/errors.ts";
import { hmacBytes } from "@/lib/crypto.ts";
import { signAccessToken, signTokenPair, type TokenPair } from "@/lib/tokens/session-tokens.ts";
import { endReason } from "./end-reason.ts";
import { RETRY_KEY_LIFETIME_SECONDS } from "./lifetimes.ts";
import { type RefreshClaims, readRefreshToken } from "./read-refresh-token.ts";
import { revokeForReuse } from "./revoke-for-reuse.ts";

export type RefreshInput = {
  token: string;
  delivery: "json" | "cookie";
  /** The client's Idempotency-Key, made before it sent. */
  retryKey: string | null;
  device: Device;
};

/** `refresh` is absent where refresh tokens are not rotated. */
export type Refreshed = {
  kind: "refreshed";
  session: RotatedSession;
  tokens: { access: string; refresh?: string };
};

/**
 * Exchanges a refresh token for the next pair of its session.
 *
 * 1. the session is live and stands at the token's generation → rotated: of any number of simultaneous uses, on
 *    any number of processes, exactly one gets here (RFC 9700 §4.14.2)
 * 2. the token was turned into the present generation, and whoever asks shows that the answer was lost: by the
 *    Idempotency-Key that won, or within the retry window → the same pair again
 * 3. the token was used before and comes back otherwise → reuse: the session is revoked for good, the winner's
 *    pair with it, and the revocation is committed although the request fails
 * 4. the session ended → blacklisted, with the reason
 * 5. not a refresh token of ours, expired, or of another type → refused, nothing changes
 */
export async function refreshSession(app: App, input: RefreshInput, now: Date): Promise<Refreshed | Failure> {
  const read = await readRefreshToken(app, input.token, now);
  if (read.kind !== "valid") return tokenNotValid(read.kind);
  if (!app.settings.ROTATE_REFRESH_TOKENS) return issueAccess(app, read.claims, input, now);

  const retryKeyHash = input.retryKey === null ? null : hmacBytes(app.retryKeyHashing, input.retryKey);
  const rotated = await rotateSession(app.db, {
    id: read.claims.sessionId,
    generation: read.claims.generation,
    now,
    notBefore: secondsAfter(now, -app.settings.LEEWAY),
    idleExpiresAt: secondsAfter(now, app.settings.REFRESH_TOKEN_LIFETIME),
    retryKeyHash,
    ...input.device,
    location: input.device.location ?? null,
  });
  return rotated
    ? refreshed(app, rotated)
    : judgeUnrotated(app, read.claims, { ...input, retryKeyHash }, now);
}

async function refreshed(app: App, session: RotatedSession): Promise<Refreshed> {
  const tokens: TokenPair = await signTokenPair(app.tokens.keys, session, app.tokens.policy);
  return { kind: "refreshed", session, tokens };
}

type Unrotated = RefreshInput & { retryKeyHash: Buffer | null };

/** Tells cases 2 to 5 apart by one read, after the rotation found nothing to turn. */
async function judgeUnrotated(app: App, claims: RefreshClaims, input: Unrotated, now: Date) {
  const found = await findSession(app.db, claims.sessionId);
  if (!found || found.session.userId !== claims.userId) return tokenNotValid("invalid");
  const ended = endReason(app, found.session, found.isActive, now);
  if (ended) return tokenNotValid(ended === "expired" ? ended : "blacklisted", ended);
  if (claims.generation >= found.session.generation) return tokenNotValid("invalid");
  if (isRetry(app, found.session, claims, input, now)) return refreshed(app, found.session);
  return revokeForReuse(app, claims, input.device, now);
}

/** A loser that arrived before the winner, or on a host whose clock is behind, is no younger than the rotation. */
function isRetry(app: App, session: Session, claims: RefreshClaims, input: Unrotated, now: Date): boolean {
  if (session.generation !== claims.generation + 1) return false;
  const ageSeconds = Math.max(0, now.getTime() - session.rotatedAt.getTime()) / 1000;
  const sameKey = input.retryKeyHash !== null && session.retryKeyHash?.equals(input.retryKeyHash);
  if (sameKey && ageSeconds < RETRY_KEY_LIFETIME_SECONDS) return true;
  const { REFRESH_RETRY_WINDOW, REFRESH_RETRY_WINDOW_JSON } = app.settings;
  return ageSeconds < (input.delivery === "cookie" ? REFRESH_RETRY_WINDOW : REFRESH_RETRY_WINDOW_JSON);
}

/** With ROTATE_REFRESH_TOKENS off, as in SimpleJWT: a new access token, and the outstanding refresh token stays. */
async function issueAccess(app: App, claims: RefreshClaims, input: RefreshInput, now: Date) {
  const found = await findSession(app.db, claims.sessionId);
  const ended = !found || endReason(app, found.session, found.isActive, now);
  if (ended || found.session.generation !== claims.generation) {
    return judgeUnrotated(app, claims, { ...input, retryKeyHash: null }, now);
  }
  const access = await signAccessToken(app.tokens.keys, found.session, app.tokens.policy, now);
  return { kind: "refreshed", session: found.session, tokens: { access } } as const;
}
