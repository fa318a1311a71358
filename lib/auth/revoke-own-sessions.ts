import { lockUser } from "@/db/queries/users.ts";
import type { App } from "@/lib/app.ts";
import type { Device } from "@/lib/audit.ts";
import { type Failure, failure } from "@/lib/contract/errors.ts";
import { endSessions } from "./end-sessions.ts";
import type { Principal } from "./principal.ts";

/** Logs one of the caller's own devices out; `not_found` for a session that is not theirs or has ended. */
export async function revokeOwnSession(
  app: App,
  { user }: Principal,
  id: string,
  device: Device,
  now: Date,
): Promise<{ kind: "revoked" } | Failure> {
  const ended = await app.db.transaction((transaction) =>
    endSessions(transaction, { sessionId: id, userId: user.id }, { reason: "revoked_by_owner", device }, now),
  );
  return ended > 0 ? { kind: "revoked" } : failure("not_found");
}

/** Logs every device of the caller out but this one. */
export async function revokeOtherSessions(
  app: App,
  { user, session }: Principal,
  device: Device,
  now: Date,
): Promise<{ kind: "revoked"; count: number }> {
  const count = await app.db.transaction(async (transaction) => {
    await lockUser(transaction, { userId: user.id });
    const others = { userId: user.id, except: session.id };
    return endSessions(transaction, others, { reason: "revoked_by_owner", device }, now);
  });
  return { kind: "revoked", count };
}
