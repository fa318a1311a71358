import type { Session } from "@/db/queries/sessions.ts";
import type { Call } from "@/lib/app/call.ts";
import { endSessions } from "./end-sessions.ts";
import { readRefreshToken } from "./read-refresh-token.ts";

/**
 * Ends the session whose refresh token a browser held when its person logged in again: the new cookies took the place
 * of the old ones, so nobody can use it any more.
 *
 * 1. no good refresh token, another person's, or the new session's own → nothing
 * 2. else → its session ends, as `replaced`
 */
export async function replaceSession(
  call: Call,
  { token, by }: { token: string; by: Pick<Session, "id" | "userId"> },
): Promise<void> {
  const { app, device, now } = call;
  const read = await readRefreshToken(call, token);
  if (read.kind !== "valid") return;
  const { sessionId, userId } = read.claims;
  if (userId !== by.userId || sessionId === by.id) return;
  await app.transaction((transaction) =>
    endSessions(transaction, { sessionId, userId }, { reason: "replaced", device }, now),
  );
}
