import { findSession, type Session } from "@/db/queries/sessions.ts";
import type { Moment } from "@/lib/app/call.ts";
import { endReason } from "@/lib/auth/sessions/end-reason.ts";
import { heldSession } from "@/lib/auth/sessions/log-out.ts";
import { epochSeconds } from "@/lib/base/clock.ts";
import type { Claims } from "@/lib/tokens/claims.ts";

export type Introspection =
  | { active: false }
  | {
      active: true;
      sub: string;
      sid: string;
      client_id?: string;
      scope?: string;
      exp: number;
      iat: number;
      token_type: "Bearer" | "refresh_token";
    };

/**
 * Whether a token of ours opens something now, asked of its session (RFC 7662).
 *
 * 1. no token of ours, or past its end → inactive
 * 2. its session ended, or its person is inactive → inactive
 * 3. a refresh token that was used → inactive
 * 4. else → active, with whose it is
 */
export async function introspectToken(call: Moment, token: string): Promise<Introspection> {
  const { app, now } = call;
  const claims = await heldSession(call, token);
  if (!claims || claims.expiresAtSeconds + app.settings.LEEWAY <= epochSeconds(now)) return { active: false };
  const found = await findSession(app.db, { id: claims.sessionId, userId: claims.userId });
  if (!found || endReason(call, found.session, found.isActive)) return { active: false };
  if (claims.tokenType === "refresh" && claims.generation !== found.session.generation)
    return { active: false };
  return describe(claims, found.session);
}

function describe(claims: Claims, { userId, id, applicationId, scope }: Session): Introspection {
  return {
    active: true,
    sub: userId,
    sid: id,
    ...(applicationId !== null && { client_id: applicationId }),
    ...(scope !== null && { scope }),
    exp: claims.expiresAtSeconds,
    iat: claims.issuedAtSeconds,
    token_type: claims.tokenType === "access" ? "Bearer" : "refresh_token",
  };
}
