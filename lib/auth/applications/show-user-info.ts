import { type Application, findApplication } from "@/db/queries/applications.ts";
import type { Moment } from "@/lib/app/call.ts";
import { authenticate } from "@/lib/auth/sessions/authenticate.ts";
import type { Failure } from "@/lib/contract/errors.ts";
import { personClaims } from "./person-claims.ts";

type ShownPerson = { kind: "shown"; body: ReturnType<typeof personClaims>; application: Application };

/**
 * What an application learns of who is logged in (OpenID Connect Core §5.3).
 *
 * 1. an access token that opens nothing → the failure, as at every call
 * 2. of no application, or of one that did not ask for `openid` → `insufficient-scope`
 * 3. else → what its scopes are about
 */
export async function showUserInfo(
  call: Moment,
  accessToken: string,
): Promise<ShownPerson | { kind: "insufficient-scope" } | Failure> {
  const caller = await authenticate(call, accessToken);
  if (caller.kind === "failure") return caller;
  const { user, session } = caller.principal;
  const scope = session.scope ?? "";
  const application = session.applicationId && (await findApplication(call.app.db, session.applicationId));
  if (!application || !scope.split(" ").includes("openid")) return { kind: "insufficient-scope" };
  return { kind: "shown", body: personClaims(user, scope), application };
}
