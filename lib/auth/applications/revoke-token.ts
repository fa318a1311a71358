import type { Application } from "@/db/queries/applications.ts";
import type { Call } from "@/lib/app/call.ts";
import { endHeld, heldSession } from "@/lib/auth/sessions/log-out.ts";

/**
 * Ends the session that one of an application's own tokens belongs to (RFC 7009). Any other token, somebody else's too,
 * is as revoked as the caller wished, and nothing ends.
 */
export async function revokeToken(call: Call, application: Application, token: string): Promise<void> {
  const claims = await heldSession(call, token);
  if (claims?.applicationId === application.id) await endHeld(call, claims);
}
