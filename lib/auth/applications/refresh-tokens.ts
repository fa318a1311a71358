import type { Application } from "@/db/queries/applications.ts";
import { findUser } from "@/db/queries/users.ts";
import type { Call } from "@/lib/app/call.ts";
import { refreshSession } from "@/lib/auth/rotation/refresh-session.ts";
import type { Failure } from "@/lib/contract/errors.ts";
import { describeTokens, type IssuedTokens } from "./describe-tokens.ts";

/**
 * Rotates the refresh token of an application's own session, by the rules of every other (RFC 6749 §6).
 *
 * 1. not a refresh token of this application's session, or one that opens nothing more → the failure, as at every refresh
 * 2. the person was deleted at this very moment → refused
 * 3. else → the next pair
 */
export async function refreshTokens(
  call: Call,
  application: Application,
  { token, retryKey }: { token: string; retryKey: string | null },
): Promise<IssuedTokens | Failure | { kind: "refused" }> {
  const { app, device } = call;
  const input = { token, retryKey, device, delivery: "json", applicationId: application.id } as const;
  const refreshed = await refreshSession(call, input);
  if (refreshed.kind === "failure") return refreshed;
  const user = await findUser(app.db, refreshed.session.userId);
  if (!user) return { kind: "refused" };
  const { access, refresh = token } = refreshed.tokens;
  return describeTokens(call, { session: refreshed.session, user, tokens: { access, refresh } });
}
