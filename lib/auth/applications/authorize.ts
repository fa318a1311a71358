import type { Application } from "@/db/queries/applications.ts";
import type { AuthorizationRequest } from "@/db/queries/challenges.ts";
import type { Moment } from "@/lib/app/call.ts";
import { openAuthorizationCode } from "@/lib/auth/challenges/open-challenge.ts";
import { requireSetUp } from "@/lib/auth/factors/require-set-up.ts";
import type { Principal } from "@/lib/auth/sessions/principal.ts";
import { epochSeconds } from "@/lib/base/clock.ts";

/** A log-in that an application asks for; `keptAt` is when it began to be waited for, where it was. */
export type AskedLogIn = { application: Application; request: AuthorizationRequest; keptAt: Date | null };

type Authorized =
  | { kind: "granted"; code: string }
  | { kind: "log-in-needed" }
  | { kind: "set-up-needed" }
  | { kind: "refused"; error: "login_required" | "interaction_required" };

/**
 * Whether a browser is sent on to an application at once (OpenID Connect Core §3.1.2).
 *
 * 1. nobody is logged in, or not as newly as is asked → a log-in first; where nobody may be asked, `login_required`
 * 2. the operator asks this person for a strong factor that they lack → that first; else `interaction_required`
 * 3. else → a code, good for a minute and for one use by this application alone
 */
export async function authorize(
  { app, now }: Moment,
  asked: AskedLogIn,
  principal: Principal | null,
): Promise<Authorized> {
  const silent = asked.request.prompt === "none";
  if (!principal || needsNewLogIn(asked, principal, now))
    return silent ? { kind: "refused", error: "login_required" } : { kind: "log-in-needed" };
  if (requireSetUp(app, principal.user, false))
    return silent ? { kind: "refused", error: "interaction_required" } : { kind: "set-up-needed" };
  const { redirectUri, codeChallenge, scope, nonce } = asked.request;
  const code = await openAuthorizationCode(
    app.db,
    {
      userId: principal.user.id,
      sessionId: principal.session.id,
      applicationId: asked.application.id,
      authorization: { redirectUri, codeChallenge, scope, nonce },
    },
    now,
  );
  return { kind: "granted", code };
}

/**
 * Whether a log-in is older than an application accepts. One that was proven after the application asked is new enough
 * for whatever it asked; one of a moment before is not. `max_age` counts in seconds, as `auth_time` does.
 */
export function needsNewLogIn(
  { request: { prompt, maxAgeSeconds }, keptAt }: Pick<AskedLogIn, "request" | "keptAt">,
  { session: { authenticatedAt } }: Principal,
  now: Date,
): boolean {
  if (keptAt && authenticatedAt > keptAt) return false;
  if (prompt === "login") return true;
  return maxAgeSeconds !== undefined && epochSeconds(now) - epochSeconds(authenticatedAt) > maxAgeSeconds;
}
