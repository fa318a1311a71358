import { findUser } from "@/db/queries/users.ts";
import type { App } from "@/lib/app.ts";
import type { Device } from "@/lib/audit.ts";
import { type Failure, failure } from "@/lib/contract/errors.ts";
import { requireRecentAdmin } from "../authorize.ts";
import { logOutUser } from "../log-out-user.ts";
import type { Principal } from "../principal.ts";

/**
 * Ends every session, challenge and trusted device of a person, the caller's own too; they may log in again.
 *
 * 1. the caller is no admin, or logged in too long ago → refused
 * 2. nobody has that id → `not_found`
 * 3. else → all ended, and how many sessions
 */
export async function logOutPerson(
  app: App,
  principal: Principal,
  { userId, why }: { userId: string; why?: string | undefined },
  device: Device,
  now: Date,
): Promise<{ kind: "logged-out"; count: number } | Failure> {
  const refused = requireRecentAdmin(principal, now);
  if (refused) return refused;
  if (!(await findUser(app.db, userId))) return failure("not_found");
  const count = await logOutUser(app, { userId, actorId: principal.user.id, device, why }, now);
  return { kind: "logged-out", count };
}
