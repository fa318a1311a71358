import { requireSetUp } from "@/lib/auth/factors/require-set-up.ts";
import { authenticate } from "@/lib/auth/sessions/authenticate.ts";
import { requireAdmin } from "@/lib/auth/sessions/authorize.ts";
import type { Principal } from "@/lib/auth/sessions/principal.ts";
import { type Failure, failure } from "@/lib/contract/errors.ts";
import type { Edge } from "@/lib/http/request/edge.ts";

/**
 * Who is calling a call that needs a log-in, by what the database says now.
 *
 * 1. nothing that could open anything → `not_authenticated`, or what is wrong with the header
 * 2. a change that rides on a cookie and comes from elsewhere than our own pages → `csrf_failed`
 * 3. a token that opens nothing → as `authenticate` says
 * 4. no admin, where only admins are let in → `permission_denied`
 * 5. somebody who must set up a strong factor first, but where that is done → `two_factor_setup_required`
 * 6. else → the principal
 */
export async function admit(
  { app, credentials, fromOwnPage, now, request }: Edge,
  { forAdmins, beforeSetUp }: { forAdmins: boolean; beforeSetUp: boolean },
): Promise<{ kind: "authenticated"; principal: Principal } | Failure> {
  if (credentials.kind === "failure") return credentials;
  const changes = request.method !== "GET" && request.method !== "HEAD";
  if (credentials.from === "cookie" && changes && !fromOwnPage) return failure("csrf_failed");
  const caller = await authenticate({ app, now }, credentials.token);
  if (caller.kind === "failure") return caller;
  const { principal } = caller;
  const refused =
    (forAdmins ? requireAdmin(principal) : null) ??
    (beforeSetUp ? null : requireSetUp(app, principal.user, forAdmins));
  return refused ?? caller;
}
