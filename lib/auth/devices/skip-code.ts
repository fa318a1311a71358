import type { Executor } from "@/db/client.ts";
import type { User } from "@/db/queries/users.ts";
import type { Call } from "@/lib/app/call.ts";
import { forgetCopiedDevice } from "./forget-copied-device.ts";
import { rotateDeviceSecret } from "./trust-device.ts";

/**
 * The next secret of the trusted device that stands in for the code, never for an admin; null where the code is asked.
 * In the caller's transaction, which has locked the person.
 */
export async function skipCode(
  transaction: Executor,
  call: Call,
  user: User,
  secret: string,
): Promise<string | null> {
  const { device } = call;
  if (user.role === "admin") return null;
  const next = await rotateDeviceSecret(transaction, user.id, secret, call);
  if (next === null) await forgetCopiedDevice(transaction, call, { user, secret, device });
  return next;
}
