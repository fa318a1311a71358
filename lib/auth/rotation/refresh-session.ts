import { findApplication } from "@/db/queries/applications.ts";
import { rotateSession } from "@/db/queries/rotate-session.ts";
import type { Moment } from "@/lib/app/call.ts";
import type { Device } from "@/lib/audit/record.ts";
import { type RefreshClaims, readRefreshToken } from "@/lib/auth/sessions/read-refresh-token.ts";
import { secondsAfter } from "@/lib/base/clock.ts";
import { type Failure, tokenNotValid } from "@/lib/contract/errors.ts";
import { hashRetryKey } from "./may-retry.ts";
import { handOutPair, issueAccess, type Refreshed, settleUnrotated } from "./retry.ts";

export type RefreshInput = {
  token: string;
  delivery: "json" | "cookie";
  /** The client's Idempotency-Key, made before it sent. */
  retryKey: string | null;
  device: Device;
  /** The application that asks and has shown who it is. */
  applicationId?: string;
};

/**
 * Exchanges a refresh token for the next pair of its session.
 *
 * 1. the session is live and stands at the token's generation → rotated: of any number of simultaneous uses, on
 *    any number of processes, exactly one gets here (RFC 9700 §4.14.2)
 * 2. the token was rotated into the present generation, and its bearer shows that the answer was lost: by the
 *    Idempotency-Key that won, or within the retry window as the client that won → the same pair again
 * 3. the token was spent moments ago by this very client → refused as `rotated`, nothing changes
 * 4. the token was used before and comes back otherwise → reuse: the session is revoked for good, the winner's
 *    pair with it, and the revocation is committed although the request fails
 * 5. the session ended → blacklisted, with the reason
 * 6. not a refresh token of ours, of another person, expired, of another type, or of an application that is not the one
 *    that asks → refused, nothing changes
 *
 * With ROTATE_REFRESH_TOKENS off, as in SimpleJWT, 1 is a new access token, and the outstanding refresh token stays.
 */
export async function refreshSession(call: Moment, input: RefreshInput): Promise<Refreshed | Failure> {
  const { app, now } = call;
  const read = await readRefreshToken(call, input.token);
  if (read.kind !== "valid") return tokenNotValid(read.kind);
  const { claims } = read;
  if (!(await mayAsk(call, claims, input.applicationId))) return tokenNotValid("invalid");
  if (!app.settings.ROTATE_REFRESH_TOKENS) return issueAccess(call, { ...input, claims, retryKey: null });

  const { retryKey } = input;
  const rotated = await rotateSession(app.db, {
    id: claims.sessionId,
    userId: claims.userId,
    generation: claims.generation,
    now,
    notBefore: secondsAfter(now, -app.settings.LEEWAY),
    idleExpiresAt: secondsAfter(now, app.settings.REFRESH_TOKEN_LIFETIME),
    retryKeyHash: retryKey === null ? null : hashRetryKey(app, retryKey),
    spentAfter: secondsAfter(now, -app.settings.REFRESH_RETRY_WINDOW),
    delivery: input.delivery,
    ip: input.device.ip,
    userAgent: input.device.userAgent,
    location: input.device.location ?? null,
  });
  if (!rotated) return settleUnrotated(call, { ...input, claims });
  app.metrics.refreshAnswered("rotated");
  return handOutPair(app, rotated);
}

/** An application's token is its own; who shows it without saying who they are may only where it can keep no secret. */
async function mayAsk(
  { app }: Moment,
  { applicationId: owner }: RefreshClaims,
  asking: string | undefined,
): Promise<boolean> {
  if (asking !== undefined) return owner === asking;
  if (owner === null) return true;
  const application = await findApplication(app.db, owner);
  return !application?.secretHash;
}
