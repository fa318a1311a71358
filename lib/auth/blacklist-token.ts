import { findSession } from "@/db/queries/sessions.ts";
import type { App } from "@/lib/app.ts";
import type { Device } from "@/lib/audit.ts";
import { type Failure, tokenNotValid } from "@/lib/contract/errors.ts";
import { endReason } from "./end-reason.ts";
import { endSessions } from "./end-sessions.ts";
import { readRefreshToken } from "./read-refresh-token.ts";
import { revokeForReuse } from "./revoke-for-reuse.ts";

/**
 * Ends the session of a refresh token; the token itself is the right to do so.
 *
 * 1. outstanding → its session is over
 * 2. spent → reuse: its session is over too, and the answer says that the token was blacklisted
 * 3. its session ended before, or not a good refresh token → refused
 */
export async function blacklistToken(
  app: App,
  token: string,
  device: Device,
  now: Date,
): Promise<{ kind: "blacklisted" } | Failure> {
  const read = await readRefreshToken(app, token, now);
  if (read.kind !== "valid") return tokenNotValid(read.kind);
  const { claims } = read;
  const found = await findSession(app.db, claims.sessionId);
  if (!found || found.session.userId !== claims.userId) return tokenNotValid("invalid");
  const reason = endReason(app, found.session, found.isActive, now);
  if (reason) return tokenNotValid(reason === "expired" ? "expired" : "blacklisted", reason);
  if (claims.generation > found.session.generation) return tokenNotValid("invalid");
  if (claims.generation < found.session.generation) return revokeForReuse(app, claims, device, now);
  const ended = await app.db.transaction((transaction) =>
    endSessions(transaction, { sessionId: claims.sessionId }, { reason: "logged_out", device }, now),
  );
  return ended > 0 ? { kind: "blacklisted" } : tokenNotValid("blacklisted", "logged_out");
}
