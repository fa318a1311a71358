import { findSessionWithOwner, touchSession } from "@/db/queries/sessions.ts";
import type { Moment } from "@/lib/app/call.ts";
import { LAST_SEEN_GRAIN_SECONDS } from "@/lib/auth/limits/lifetimes.ts";
import { secondsAfter } from "@/lib/base/clock.ts";
import { bearerNotValid, type Failure } from "@/lib/contract/errors.ts";
import { checkClaims } from "@/lib/tokens/claims.ts";
import { verifyJwt } from "@/lib/tokens/jwt.ts";
import { endReason } from "./end-reason.ts";
import type { Principal } from "./principal.ts";

/**
 * Who an access token stands for, asked of the database for this very request: a session that was revoked a moment
 * ago opens nothing (ASVS 7.4.1).
 *
 * 1. not an access token of ours, or expired → refused
 * 2. its session is unknown or another person's, as with tokens forged elsewhere under the same key → refused
 * 3. its session ended, or the person is inactive → refused, with the reason
 * 4. else → the principal; once in a while its "last active" is written
 */
export async function authenticate(
  call: Moment,
  accessToken: string,
): Promise<{ kind: "authenticated"; principal: Principal } | Failure> {
  const { app, now } = call;
  const payload = await verifyJwt(app.tokens.keys.access, accessToken);
  if (!payload) return bearerNotValid("invalid");
  const checked = checkClaims(payload, "access", app.tokens.expectations, now);
  if (checked.kind !== "valid") return bearerNotValid(checked.kind);

  const { sessionId: id, userId } = checked.claims;
  const found = await findSessionWithOwner(app.db, { id, userId });
  if (!found) return bearerNotValid("invalid");
  const ended = endReason(call, found.session, found.user.isActive);
  if (ended) return bearerNotValid(ended === "expired" ? ended : "blacklisted", ended);

  const seenBefore = secondsAfter(now, -LAST_SEEN_GRAIN_SECONDS);
  if (found.session.lastSeenAt < seenBefore) await touchSession(app.db, { id, userId }, seenBefore, now);
  return { kind: "authenticated", principal: found };
}
