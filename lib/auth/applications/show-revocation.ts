import type { z } from "zod";
import type { Revocation } from "@/db/queries/revocations.ts";
import type { PublicRevocation } from "@/lib/contract/revocations.ts";

/** An entry as services read it. */
export function showRevocation({
  sessionId,
  userId,
  reason,
  at,
  until,
}: Revocation): z.infer<typeof PublicRevocation> {
  return {
    sid: sessionId,
    sub: userId,
    user_id: userId,
    reason,
    at: at.toISOString(),
    until: until.toISOString(),
  };
}
