import type { Delivery } from "@/db/queries/deliveries.ts";
import { epochSeconds } from "@/lib/base/clock.ts";
import { signJwt } from "@/lib/tokens/jwt.ts";
import type { KeySet } from "@/lib/tokens/keys.ts";
import type { Post } from "./post-out.ts";

const LIFETIME_SECONDS = 2 * 60;
const EVENT = "http://schemas.openid.net/event/backchannel-logout";

type LogOut = Pick<Delivery, "id" | "applicationId" | "userId" | "sessionId">;

/**
 * Tells an application that its session has ended (OpenID Connect Back-Channel Logout 1.0 §2.4, §2.5). The token is made
 * at each try and lives for two minutes; its `jti` stays.
 *
 * @param keys those of ID tokens
 */
export async function writeLogOut(keys: KeySet, issuer: string, about: LogOut, now: Date): Promise<Post> {
  const iat = epochSeconds(now);
  const claims = {
    iss: issuer,
    aud: about.applicationId,
    iat,
    exp: iat + LIFETIME_SECONDS,
    jti: about.id,
    sub: about.userId,
    sid: about.sessionId,
    events: { [EVENT]: {} },
  };
  const token = await signJwt(keys, claims, "logout+jwt");
  return { type: "application/x-www-form-urlencoded", body: `logout_token=${token}` };
}
