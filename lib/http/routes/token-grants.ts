import type { Application } from "@/db/queries/applications.ts";
import { redeemCode } from "@/lib/auth/applications/redeem-code.ts";
import { refreshTokens } from "@/lib/auth/applications/refresh-tokens.ts";
import { oauthError, respondIssued } from "@/lib/http/answer/oauth-answer.ts";
import type { Answer } from "@/lib/http/answer/respond.ts";
import type { Edge } from "@/lib/http/request/edge.ts";
import type { OAuthForm } from "./client-route.ts";
import { isRetryKey } from "./with-refresh-token.ts";

/** A code for a pair (RFC 6749 §4.1.3). */
export async function grantCode(
  application: Application,
  { code, redirect_uri: redirectUri, code_verifier: verifier }: OAuthForm,
  edge: Edge,
): Promise<Answer> {
  if (!code || !redirectUri || !verifier)
    return oauthError("invalid_request", "code, redirect_uri and code_verifier are required.");
  return respondIssued(await redeemCode(edge, application, { code, redirectUri, verifier }));
}

/** A refresh token for the next pair (RFC 6749 §6); an Idempotency-Key lets a lost answer be asked for again. */
export async function grantRefresh(
  application: Application,
  { refresh_token: token }: OAuthForm,
  edge: Edge,
): Promise<Answer> {
  if (!token) return oauthError("invalid_request", "refresh_token is required.");
  const retryKey = edge.request.headers.get("idempotency-key");
  if (retryKey !== null && !isRetryKey(retryKey))
    return oauthError("invalid_request", "Idempotency-Key must have 16 to 128 visible ASCII characters.");
  return respondIssued(await refreshTokens(edge, application, { token, retryKey }));
}
