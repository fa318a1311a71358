import type { Executor } from "@/db/client.ts";
import { lockCaller } from "@/lib/auth/sessions/lock-caller.ts";
import type { LoggedInCall } from "@/lib/auth/sessions/principal.ts";
import { requireStrongLogIn } from "./require-strong-log-in.ts";

/**
 * Locks the caller as `lockCaller` does, and asks once more, of them as they are now, for the strong log-in that the
 * call was let in by: a first factor, or a hold, may have come meanwhile.
 */
export async function lockStrongCaller(transaction: Executor, call: LoggedInCall) {
  const caller = await lockCaller(transaction, call);
  if (caller.kind === "failure") return caller;
  return requireStrongLogIn({ principal: caller, now: call.now }) ?? caller;
}
