import { findEndOfSession } from "@/db/queries/audit-events.ts";
import { findSession } from "@/db/queries/sessions.ts";
import type { Moment } from "@/lib/app/call.ts";
import { nameDevice } from "@/lib/base/describe-device.ts";
import type { EndReason } from "@/lib/contract/errors.ts";
import { endReason } from "./end-reason.ts";
import { readRefreshToken } from "./read-refresh-token.ts";

/** Why a session ended, when, and on which device that was asked for. */
export type ExplainedEnd = { reason: EndReason; at: Date | null; from: string | null };

/** What the holder of a refresh token may learn about the end of its session; null while it stands, or for no token. */
export async function explainEnd(call: Moment, token: string): Promise<ExplainedEnd | null> {
  const { app } = call;
  const read = await readRefreshToken(call, token);
  if (!("claims" in read)) return null;
  const { sessionId, userId } = read.claims;
  const found = await findSession(app.db, { id: sessionId, userId });
  const reason = found && endReason(call, found.session, found.isActive);
  if (!reason) return null;
  const end = await findEndOfSession(app.db, sessionId);
  return {
    reason,
    at: found.session.revokedAt,
    from: end?.userAgent ? nameDevice(end.userAgent) : null,
  };
}
