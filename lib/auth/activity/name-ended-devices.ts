import { listDevicesOf } from "@/db/queries/sessions.ts";
import type { LoggedInCall } from "@/lib/auth/sessions/principal.ts";
import { describeDevice } from "@/lib/base/describe-device.ts";
import { deviceLabel } from "@/lib/contract/device-label.ts";
import type { PublicEvent } from "@/lib/contract/events.ts";

/**
 * The devices that these events logged out, by the ids of their sessions: what the person calls them, else what they are.
 * Missing are those that were not the caller's, that nothing is known of, or that ended so long ago that they are gone.
 */
export async function nameEndedDevices(
  { app: { db }, principal: { user } }: LoggedInCall,
  events: PublicEvent[],
): Promise<Map<string, string>> {
  const ids = events.flatMap(({ type, session_id: id }) => (id && ENDS.includes(type) ? [id] : []));
  const found = ids.length > 0 ? await listDevicesOf(db, user.id, ids) : [];
  return new Map(
    found.flatMap(({ id, name, userAgent }) => {
      const called = name ?? deviceLabel(describeDevice(userAgent), "");
      return called ? [[id, called]] : [];
    }),
  );
}

/** The events whose session is the one that ended. */
const ENDS = ["session.revoked", "refresh_token.reused"];
