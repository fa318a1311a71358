import { epochSeconds, instant, secondsAfter } from "@/lib/base/clock.ts";
import { signJwt } from "./jwt.ts";
import type { TokenKeys } from "./keys.ts";
import { accessTokenId, refreshTokenId } from "./token-id.ts";

/** The facts of a session that its tokens are made from, and nothing else. */
export type TokenSubject = {
  id: string;
  userId: string;
  generation: number;
  rotatedAt: Date;
  authenticatedAt: Date;
  idleExpiresAt: Date;
  expiresAt: Date;
  amr: string[];
  /** The application whose session it is. */
  applicationId: string | null;
};

export type TokenPolicy = {
  accessLifetimeSeconds: number;
  userIdClaim: string;
  issuer?: string | undefined;
  /** What an application's tokens say where `issuer` is unset. */
  applicationIssuer: string;
  audience: readonly string[];
};

export type TokenPair = { access: string; refresh: string };

/**
 * Both tokens of a session's present generation. They depend on the arguments alone, so that a granted retry
 * gets the same pair again; under HS* byte for byte, under other algorithms with the same claims.
 */
export async function signTokenPair(
  keys: TokenKeys,
  subject: TokenSubject,
  policy: TokenPolicy,
): Promise<TokenPair> {
  const access = await signAccessToken(keys, subject, policy, subject.rotatedAt);
  const refresh = await signJwt(keys.refresh, {
    token_type: "refresh",
    jti: refreshTokenId(keys.identity, subject.id, subject.generation),
    iat: epochSeconds(subject.rotatedAt),
    exp: epochSeconds(subject.idleExpiresAt),
    ...identity(subject, policy),
    gen: subject.generation,
  });
  return { access, refresh };
}

/** An access token issued at `issuedAt`, which never outlives its session. */
export function signAccessToken(
  keys: TokenKeys,
  subject: TokenSubject,
  policy: TokenPolicy,
  issuedAt: Date,
): Promise<string> {
  const authTime = epochSeconds(subject.authenticatedAt);
  const end = secondsAfter(issuedAt, policy.accessLifetimeSeconds);
  return signJwt(keys.access, {
    token_type: "access",
    jti: accessTokenId(keys.identity, subject, issuedAt),
    iat: epochSeconds(issuedAt),
    exp: epochSeconds(end < subject.expiresAt ? end : subject.expiresAt),
    ...identity(subject, policy),
    auth_time: authTime,
    amr: subject.amr,
  });
}

/** When a token runs out, as it says itself, unverified; what says nothing is no date or one long ago. */
export function tokenEnd(token: string): Date {
  try {
    const { exp } = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
    return instant(Number(exp) * 1000);
  } catch {
    return instant(0);
  }
}

function identity(
  { id, userId, applicationId }: TokenSubject,
  { userIdClaim, issuer, applicationIssuer, audience }: TokenPolicy,
) {
  const iss = issuer ?? (applicationId === null ? undefined : applicationIssuer);
  return {
    [userIdClaim]: userId,
    sub: userId,
    sid: id,
    ...(applicationId !== null && { client_id: applicationId }),
    ...(iss !== undefined && { iss }),
    ...(audience.length > 0 && { aud: audience.length === 1 ? audience[0] : audience }),
  };
}
