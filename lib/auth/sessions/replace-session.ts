import { adoptOpened, lockSession, type Session } from "@/db/queries/sessions.ts";
import { lockAnyUser } from "@/db/queries/users.ts";
import type { Call } from "@/lib/app/call.ts";
import { endSessions } from "./end-sessions.ts";
import { readRefreshToken } from "./read-refresh-token.ts";

/**
 * Ends the session whose refresh token a browser held when somebody logged in again there: the new cookies took the
 * place of the old ones, so nobody can use it any more.
 *
 * 1. no good refresh token, or the new session's own → nothing
 * 2. the same person's → its session ends, as `replaced`, and what applications opened from it goes on under the new one
 * 3. another person's → its session ends, and what was opened from it
 */
export async function replaceSession(
  call: Call,
  { token, by }: { token: string; by: Pick<Session, "id" | "userId"> },
): Promise<void> {
  const { app, device } = call;
  const read = await readRefreshToken(call, token);
  if (read.kind !== "valid") return;
  const { sessionId, userId } = read.claims;
  if (sessionId === by.id) return;
  await app.transaction(async (transaction) => {
    await lockAnyUser(transaction, userId);
    await lockSession(transaction, { id: sessionId, userId });
    if (userId === by.userId) await adoptOpened(transaction, userId, { from: sessionId, to: by.id });
    await endSessions(transaction, call, { sessionId, userId }, { reason: "replaced", device });
  });
}
