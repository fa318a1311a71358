import { namesOfApplications } from "@/db/queries/applications.ts";
import { nameSession as nameSessionRow } from "@/db/queries/sessions.ts";
import { recordEvent } from "@/lib/audit/record.ts";
import type { LoggedInCall } from "@/lib/auth/sessions/principal.ts";
import { type Failure, failure } from "@/lib/contract/errors.ts";
import type { PublicSession } from "@/lib/contract/sessions.ts";
import { lockCaller } from "./lock-caller.ts";
import { toPublicSession } from "./shapes.ts";

/**
 * Names one of the caller's own live sessions, or takes its name away, and it is on record; `not_found` for any other.
 * A session that has ended by now names none.
 */
export async function nameSession(
  call: LoggedInCall,
  { id, name }: { id: string; name: string | null },
): Promise<{ kind: "named"; session: PublicSession } | Failure> {
  const { app, device, now } = call;
  return app.transaction(async (transaction) => {
    const caller = await lockCaller(transaction, call);
    if (caller.kind === "failure") return caller;
    const { user, session } = caller;
    const named = await nameSessionRow(transaction, user.id, id, name, now);
    if (!named) return failure("not_found");
    const event = { type: "session.named", userId: user.id, sessionId: id, device } as const;
    await recordEvent(transaction, event, now);
    const applicationNames = await namesOfApplications(transaction, [named]);
    const shown = { currentId: session.id, applicationNames };
    return { kind: "named", session: toPublicSession(named, shown) };
  });
}
