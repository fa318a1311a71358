import { rotateSession } from "@/db/queries/sessions.ts";
import type { App } from "@/lib/app.ts";
import type { Device } from "@/lib/audit.ts";
import { secondsAfter } from "@/lib/clock.ts";
import { type Failure, tokenNotValid } from "@/lib/contract/errors.ts";
import { handOutPair, hashRetryKey, issueAccess, judgeUnrotated, type Refreshed } from "./judge-unrotated.ts";
import { readRefreshToken } from "./read-refresh-token.ts";

export type RefreshInput = {
  token: string;
  delivery: "json" | "cookie";
  /** The client's Idempotency-Key, made before it sent. */
  retryKey: string | null;
  device: Device;
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
 *
 * With ROTATE_REFRESH_TOKENS off, as in SimpleJWT, 1 is a new access token, and the outstanding refresh token stays.
 */
export async function refreshSession(app: App, input: RefreshInput, now: Date): Promise<Refreshed | Failure> {
  const read = await readRefreshToken(app, input.token, now);
  if (read.kind !== "valid") return tokenNotValid(read.kind);
  const { claims } = read;
  if (!app.settings.ROTATE_REFRESH_TOKENS) return issueAccess(app, { ...input, claims, retryKey: null }, now);

  const { retryKey } = input;
  const rotated = await rotateSession(app.db, {
    id: claims.sessionId,
    generation: claims.generation,
    now,
    notBefore: secondsAfter(now, -app.settings.LEEWAY),
    idleExpiresAt: secondsAfter(now, app.settings.REFRESH_TOKEN_LIFETIME),
    retryKeyHash: retryKey === null ? null : hashRetryKey(app, retryKey),
    ...input.device,
    location: input.device.location ?? null,
  });
  if (!rotated) return judgeUnrotated(app, { ...input, claims }, now);
  app.metrics.refreshJudged("rotated");
  return handOutPair(app, rotated);
}
