import { findSession } from "@/db/queries/sessions.ts";
import type { Call } from "@/lib/app/call.ts";
import { endReason } from "@/lib/auth/sessions/end-reason.ts";
import { endSessions } from "@/lib/auth/sessions/end-sessions.ts";
import { readRefreshToken } from "@/lib/auth/sessions/read-refresh-token.ts";
import { type Failure, tokenNotValid } from "@/lib/contract/errors.ts";
import { revokeForReuse } from "./revoke-for-reuse.ts";

/**
 * Ends the session of a refresh token; the token itself is the right to do so.
 *
 * 1. outstanding → its session is over
 * 2. spent → reuse: its session is over too, and the answer says that the token was blacklisted
 * 3. its session ended before, or not a good refresh token → refused
 */
export async function blacklistToken(call: Call, token: string): Promise<{ kind: "blacklisted" } | Failure> {
  const { app, device } = call;
  const read = await readRefreshToken(call, token);
  if (read.kind !== "valid") return tokenNotValid(read.kind);
  const { claims } = read;
  const found = await findSession(app.db, { id: claims.sessionId, userId: claims.userId });
  if (!found) return tokenNotValid("invalid");
  const reason = endReason(call, found.session, found.isActive);
  if (reason) return tokenNotValid(reason === "expired" ? "expired" : "blacklisted", reason);
  if (claims.generation > found.session.generation) return tokenNotValid("invalid");
  if (claims.generation < found.session.generation) return revokeForReuse(call, claims);
  const ended = await app.transaction((transaction) =>
    endSessions(
      transaction,
      call,
      { sessionId: claims.sessionId, userId: claims.userId },
      { reason: "logged_out", device },
    ),
  );
  return ended > 0 ? { kind: "blacklisted" } : tokenNotValid("blacklisted", "logged_out");
}
