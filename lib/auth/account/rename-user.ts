import { updateUser } from "@/db/queries/users.ts";
import { recordEvent } from "@/lib/audit/record.ts";
import { lockCaller } from "@/lib/auth/sessions/lock-caller.ts";
import type { LoggedInCall } from "@/lib/auth/sessions/principal.ts";
import { toPublicUser } from "@/lib/auth/sessions/shapes.ts";
import type { PublicUser } from "@/lib/contract/account.ts";
import type { Failure } from "@/lib/contract/errors.ts";

/**
 * Gives the caller the name they ask for; an empty one is none.
 *
 * 1. the session has ended by now, or the account is gone or inactive → refused as everywhere
 * 2. the name is theirs already → nothing changes, and nothing is recorded
 * 3. else → they have it, and the audit trail says that it changed
 */
export async function renameUser(
  call: LoggedInCall,
  name: string,
): Promise<{ kind: "renamed"; user: PublicUser } | Failure> {
  const { app, device, now } = call;
  return app.transaction(async (transaction) => {
    const caller = await lockCaller(transaction, call);
    if (caller.kind === "failure") return caller;
    const { user, session } = caller;
    if (user.name === name) return { kind: "renamed", user: toPublicUser(user) };
    await updateUser(transaction, user.id, { name });
    const event = { type: "user.renamed" as const, userId: user.id, sessionId: session.id, device };
    await recordEvent(transaction, event, now);
    return { kind: "renamed", user: toPublicUser({ ...user, name }) };
  });
}
