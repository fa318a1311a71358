import type { App } from "@/lib/app/app.ts";
import type { Moment } from "@/lib/app/call.ts";
import { constantTimeEqual } from "@/lib/base/crypto.ts";
import { type CheckedClaims, type Claims, checkClaims } from "@/lib/tokens/claims.ts";
import { verifyJwt } from "@/lib/tokens/jwt.ts";
import { refreshTokenId } from "@/lib/tokens/token-id.ts";

export type RefreshClaims = Claims & { generation: number };
export type ReadRefreshToken =
  | { kind: "valid"; claims: RefreshClaims }
  | { kind: "expired"; claims: RefreshClaims }
  | Exclude<CheckedClaims, { claims: Claims }>;

/**
 * Verifies a refresh token by itself: signature, times, type, and the `jti` that its session and generation must have.
 * Whether its session still stands is another question.
 */
export async function readRefreshToken(call: Moment, token: string): Promise<ReadRefreshToken> {
  const { app, now } = call;
  const { keys, expectations } = app.tokens;
  const payload = await verifyJwt(keys.refresh, token);
  if (!payload) return (await isOtherKind(call, token)) ? { kind: "wrong-type" } : { kind: "invalid" };
  return ownGeneration(app, checkClaims(payload, "refresh", expectations, now));
}

function ownGeneration(app: App, checked: CheckedClaims): ReadRefreshToken {
  if (!("claims" in checked)) return checked;
  const { kind, claims } = checked;
  if (claims.tokenType !== "refresh") return { kind: "wrong-type" };
  const { generation, sessionId, jti } = claims;
  if (generation === undefined || generation < 1) return { kind: "invalid" };
  const expected = refreshTokenId(app.tokens.keys.identity, sessionId, generation);
  return constantTimeEqual(jti, expected) ? { kind, claims: { ...claims, generation } } : { kind: "invalid" };
}

/** Under an asymmetric algorithm the access token has another key: still say that it is the wrong one of ours. */
async function isOtherKind(
  {
    app: {
      tokens: { keys, expectations },
    },
    now,
  }: Moment,
  token: string,
): Promise<boolean> {
  if (keys.access === keys.refresh) return false;
  const payload = await verifyJwt(keys.access, token);
  return payload !== null && checkClaims(payload, "access", expectations, now).kind === "valid";
}
