import { namePasskey as writeName } from "@/db/queries/passkeys.ts";
import { recordEvent } from "@/lib/audit/record.ts";
import { lockCaller } from "@/lib/auth/sessions/lock-caller.ts";
import type { LoggedInCall } from "@/lib/auth/sessions/principal.ts";
import { type Failure, failure } from "@/lib/contract/errors.ts";
import type { PublicPasskey } from "@/lib/contract/passkeys.ts";
import { toPublicPasskey } from "./show-two-factor.ts";

/**
 * Gives one of the caller's passkeys another name.
 *
 * 1. the session has ended by now, or the account is inactive or gone → refused as everywhere
 * 2. none of theirs has that id → `not_found`
 * 3. else → it has the name
 */
export async function namePasskey(
  call: LoggedInCall,
  { id, name }: { id: string; name: string },
): Promise<{ kind: "named"; passkey: PublicPasskey } | Failure> {
  const { app, device, now } = call;
  return app.transaction(async (transaction) => {
    const caller = await lockCaller(transaction, call);
    if (caller.kind === "failure") return caller;
    const { user, session } = caller;
    const passkey = await writeName(transaction, user.id, id, name);
    if (!passkey) return failure("not_found");
    const event = { type: "passkey.named", userId: user.id, sessionId: session.id, device } as const;
    await recordEvent(transaction, event, now);
    return { kind: "named", passkey: toPublicPasskey(passkey) };
  });
}
