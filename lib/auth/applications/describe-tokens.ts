import type { RotatedSession } from "@/db/queries/rotate-session.ts";
import type { User } from "@/db/queries/users.ts";
import type { Moment } from "@/lib/app/call.ts";
import { epochSeconds } from "@/lib/base/clock.ts";
import { signJwt } from "@/lib/tokens/jwt.ts";
import { type TokenPair, tokenEnd } from "@/lib/tokens/session-tokens.ts";
import { personClaims } from "./person-claims.ts";

/** What an application's token call hands out, in the words of RFC 6749 §5.1. */
export type IssuedTokens = {
  kind: "issued";
  body: {
    access_token: string;
    token_type: "Bearer";
    expires_in: number;
    refresh_token: string;
    scope: string;
    id_token?: string;
  };
};

type Described = { session: RotatedSession; user: User; tokens: TokenPair; nonce?: string | undefined };

/** A pair as OAuth names it, with an ID token where `openid` was asked for. */
export async function describeTokens(call: Moment, described: Described): Promise<IssuedTokens> {
  const { session, tokens } = described;
  const lifeMs = tokenEnd(tokens.access).getTime() - call.now.getTime();
  const scope = session.scope ?? "";
  const wantsId = scope.split(" ").includes("openid");
  return {
    kind: "issued",
    body: {
      access_token: tokens.access,
      token_type: "Bearer",
      expires_in: Math.max(0, Math.ceil(lifeMs / 1000)),
      refresh_token: tokens.refresh,
      scope,
      ...(wantsId && { id_token: await signIdToken(call, described, scope) }),
    },
  };
}

/** Who logged in, when and how, for the application alone (OpenID Connect Core §2). It lives as long as an access token. */
function signIdToken({ app, now }: Moment, { session, user, nonce }: Described, scope: string) {
  const { keys, policy } = app.tokens;
  const iat = epochSeconds(now);
  return signJwt(keys.id, {
    iss: app.settings.APP_URL,
    aud: session.applicationId,
    iat,
    exp: iat + policy.accessLifetimeSeconds,
    auth_time: epochSeconds(session.authenticatedAt),
    amr: session.amr,
    sid: session.id,
    ...(nonce !== undefined && { nonce }),
    ...personClaims(user, scope),
  });
}
