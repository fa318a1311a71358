import { findOwnedSession } from "@/db/queries/any-sessions.ts";
import type { App } from "@/lib/app.ts";
import type { AdminSession } from "@/lib/contract/admin.ts";
import { type Failure, failure } from "@/lib/contract/errors.ts";
import { requireAdmin } from "../authorize.ts";
import type { Principal } from "../principal.ts";
import { toAdminSession } from "./shapes.ts";

/** Anybody's session, ended or not; `permission_denied` for who is no admin, `not_found` where there is none. */
export async function showAnySession(
  app: App,
  principal: Principal,
  sessionId: string,
  now: Date,
): Promise<{ kind: "shown"; session: AdminSession } | Failure> {
  const refused = requireAdmin(principal);
  if (refused) return refused;
  const found = await findOwnedSession(app.db, sessionId);
  return found ? { kind: "shown", session: toAdminSession(app, found, now) } : failure("not_found");
}
