import type { App } from "@/lib/app.ts";
import type { Device } from "@/lib/audit.ts";
import { type Failure, tokenNotValid } from "@/lib/contract/errors.ts";
import { endSessions } from "./end-sessions.ts";
import type { RefreshClaims } from "./read-refresh-token.ts";

/**
 * A used refresh token came back: somebody has a copy. Ends its session, whoever holds the newest pair, and records
 * it once (RFC 9700 §4.14.2). The failure is an answer, not an exception, so the revocation is committed.
 */
export async function revokeForReuse(
  app: App,
  claims: RefreshClaims,
  device: Device,
  now: Date,
): Promise<Failure> {
  const scope = { sessionId: claims.sessionId, turnedPast: claims.generation };
  await app.db.transaction((transaction) =>
    endSessions(transaction, scope, { reason: "token_reused", device }, now),
  );
  return tokenNotValid("blacklisted", "token_reused");
}
