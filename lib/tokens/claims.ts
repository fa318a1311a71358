import { z } from "zod";
import { epochSeconds } from "@/lib/base/clock.ts";
import type { Payload } from "./jwt.ts";

const NumericDate = z.number().int().nonnegative();

const Registered = z.object({
  token_type: z.unknown().optional(),
  jti: z.string().min(1).max(255).optional(),
  exp: z.number().int().optional(),
  iat: NumericDate.optional(),
  nbf: NumericDate.optional(),
  iss: z.string().optional(),
  aud: z.union([z.string(), z.array(z.string())]).optional(),
  sid: z.uuid(),
  client_id: z.uuid().optional(),
});

const tokenTypes = ["access", "refresh"] as const;
export type TokenType = (typeof tokenTypes)[number];

/** What a verifier expects besides a good signature. */
export type Expectations = {
  userIdClaim: string;
  issuer?: string | undefined;
  audience: readonly string[];
  /** Clock tolerance in seconds, for `exp` and `nbf`. */
  leewaySeconds: number;
};

export type Claims = {
  tokenType: TokenType;
  jti: string;
  expiresAtSeconds: number;
  /** 0 where the token does not say it. */
  issuedAtSeconds: number;
  userId: string;
  sessionId: string;
  /** Only in refresh tokens. */
  generation: number | undefined;
  /** The application whose session it is; null for a browser or program of the person's own. */
  applicationId: string | null;
};

export type CheckedClaims =
  | { kind: "valid" | "expired"; claims: Claims }
  | { kind: "invalid" | "wrong-type" | "no-end" | "no-id" | "no-type" };

/** Tokens from hosts whose clock runs ahead are accepted up to this much; later ones are forged. */
const MAX_IAT_AHEAD_SECONDS = 60;

/**
 * Checks the claims of a token whose signature is good.
 *
 * 1. not the shape, issuer or audience we require, or not valid yet → `invalid` (RFC 8725 §3.8, §3.9)
 * 2. without an end, an id or a type → `no-end`, `no-id`, `no-type`, as SimpleJWT tells them apart
 * 3. past `exp` → `expired` (RFC 7519 §4.1.4)
 * 4. another type than `expected`, or none of ours → `wrong-type`, so that no token opens another's door (RFC 8725 §3.11)
 * 5. else → `valid`
 */
export function checkClaims(
  payload: Payload,
  expected: TokenType,
  { userIdClaim, issuer, audience, leewaySeconds }: Expectations,
  now: Date,
): CheckedClaims {
  const { success, data } = Registered.safeParse(payload);
  const userId = payload[userIdClaim];
  if (!success || typeof userId !== "string" || (payload.sub ?? userId) !== userId)
    return { kind: "invalid" };
  if (issuer !== undefined && data.iss !== issuer) return { kind: "invalid" };
  if (audience.length > 0 && ![data.aud ?? []].flat().some((aud) => audience.includes(aud)))
    return { kind: "invalid" };
  const nowSeconds = epochSeconds(now);
  if ((data.nbf ?? 0) > nowSeconds + leewaySeconds) return { kind: "invalid" };
  if ((data.iat ?? 0) > nowSeconds + leewaySeconds + MAX_IAT_AHEAD_SECONDS) return { kind: "invalid" };
  if (data.exp === undefined) return { kind: "no-end" };
  if (data.jti === undefined) return { kind: "no-id" };
  if (data.token_type === undefined) return { kind: "no-type" };
  const tokenType = tokenTypes.find((type) => type === data.token_type);
  if (!tokenType) return { kind: "wrong-type" };
  const claims: Claims = {
    tokenType,
    jti: data.jti,
    expiresAtSeconds: data.exp,
    issuedAtSeconds: data.iat ?? 0,
    userId,
    sessionId: data.sid,
    generation: Number.isSafeInteger(payload.gen) ? (payload.gen as number) : undefined,
    applicationId: data.client_id ?? null,
  };
  if (data.exp + leewaySeconds <= nowSeconds) return { kind: "expired", claims };
  if (tokenType !== expected) return { kind: "wrong-type" };
  return { kind: "valid", claims };
}
