import { findOwnedSession } from "@/db/queries/any-sessions.ts";
import { requireAdmin } from "@/lib/auth/sessions/authorize.ts";
import type { LoggedInCall } from "@/lib/auth/sessions/principal.ts";
import type { AdminSession } from "@/lib/contract/admin.ts";
import { type Failure, failure } from "@/lib/contract/errors.ts";
import { toAdminSession } from "./shapes.ts";

/** Anybody's session, ended or not; `permission_denied` for who is no admin, `not_found` where there is none. */
export async function showAnySession(
  call: LoggedInCall,
  sessionId: string,
): Promise<{ kind: "shown"; session: AdminSession } | Failure> {
  const { app, principal } = call;
  const refused = requireAdmin(principal);
  if (refused) return refused;
  const found = await findOwnedSession(app.db, sessionId);
  return found ? { kind: "shown", session: toAdminSession(call, found) } : failure("not_found");
}
