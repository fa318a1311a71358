import { authenticate } from "@/lib/auth/sessions/authenticate.ts";
import type { Principal } from "@/lib/auth/sessions/principal.ts";
import type { Failure } from "@/lib/contract/errors.ts";
import type { Edge } from "@/lib/http/request/edge.ts";

/**
 * Who is calling, where a call may come from somebody logged in and from a visitor; with cookies from our own pages
 * only. A failure says why what was sent opens nothing.
 */
export async function callerOf({
  app,
  now,
  credentials,
  fromOwnPage,
}: Edge): Promise<{ kind: "authenticated"; principal: Principal } | { kind: "visitor" } | Failure> {
  if (credentials.kind !== "token" || (credentials.from === "cookie" && !fromOwnPage))
    return { kind: "visitor" };
  return authenticate({ app, now }, credentials.token);
}
