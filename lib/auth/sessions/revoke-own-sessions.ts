import type { LoggedInCall } from "@/lib/auth/sessions/principal.ts";
import { type Failure, failure } from "@/lib/contract/errors.ts";
import { endSessions } from "./end-sessions.ts";
import { lockCaller } from "./lock-caller.ts";

/** Logs one of the caller's own devices out; `not_found` for a session that is not theirs or has ended. */
export async function revokeOwnSession(
  call: LoggedInCall,
  id: string,
): Promise<{ kind: "revoked" } | Failure> {
  const { app, principal, device } = call;
  const scope = { sessionId: id, userId: principal.user.id };
  const ended = await app.transaction((transaction) =>
    endSessions(transaction, call, scope, { reason: "revoked_by_owner", device }),
  );
  return ended > 0 ? { kind: "revoked" } : failure("not_found");
}

/** Logs every device of the caller out but this one; an ended session can't, and is refused as everywhere. */
export async function revokeOtherSessions(
  call: LoggedInCall,
): Promise<{ kind: "revoked"; count: number } | Failure> {
  const { app, device } = call;
  return app.transaction(async (transaction) => {
    const caller = await lockCaller(transaction, call);
    if (caller.kind === "failure") return caller;
    const others = { userId: caller.user.id, except: caller.session.id };
    const ending = { reason: "revoked_by_owner", device } as const;
    return { kind: "revoked", count: await endSessions(transaction, call, others, ending) };
  });
}
