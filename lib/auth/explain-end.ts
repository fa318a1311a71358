import { findEndOfSession } from "@/db/queries/audit-events.ts";
import { findSession } from "@/db/queries/sessions.ts";
import type { App } from "@/lib/app.ts";
import type { EndReason } from "@/lib/contract/errors.ts";
import { nameDevice } from "@/lib/describe-device.ts";
import { endReason } from "./end-reason.ts";
import { readRefreshToken } from "./read-refresh-token.ts";

/** Why a session ended, when, and on which device that was asked for. */
export type ExplainedEnd = { reason: EndReason; at: Date | null; from: string | null };

/** What the holder of a refresh token may learn about the end of its session; null while it stands, or for no token. */
export async function explainEnd(app: App, token: string, now: Date): Promise<ExplainedEnd | null> {
  const read = await readRefreshToken(app, token, now);
  if (!("claims" in read)) return null;
  const found = await findSession(app.db, read.claims.sessionId);
  const reason = found && endReason(app, found.session, found.isActive, now);
  if (!reason) return null;
  const end = await findEndOfSession(app.db, read.claims.sessionId);
  return {
    reason,
    at: found.session.revokedAt,
    from: end?.userAgent ? nameDevice(end.userAgent) : null,
  };
}
