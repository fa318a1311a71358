import { listDevicesOf } from "@/db/queries/sessions.ts";
import type { LoggedInCall } from "@/lib/auth/sessions/principal.ts";
import { describeDevice } from "@/lib/base/describe-device.ts";
import { deviceLabel } from "@/lib/contract/device-label.ts";
import { ENDING_EVENTS, type Ended } from "@/lib/contract/event-sentence.ts";
import type { PublicEvent } from "@/lib/contract/events.ts";

/**
 * What these events logged out, by the ids of the sessions: a device or an application, and what the person calls it,
 * else what it is. Missing are those that were not the caller's, and those that ended so long ago that they are gone.
 */
export async function nameEndedDevices(
  { app: { db }, principal: { user } }: LoggedInCall,
  events: PublicEvent[],
): Promise<Map<string, Ended>> {
  const ids = events.flatMap(({ type, session_id: id }) => (id && ENDING_EVENTS.includes(type) ? [id] : []));
  const found = ids.length > 0 ? await listDevicesOf(db, user.id, ids) : [];
  return new Map(
    found.map(({ id, name, userAgent, scope, application }) => {
      const device = deviceLabel(describeDevice(userAgent), "") || null;
      const ended: Ended =
        scope === null
          ? { kind: "device", name: name ?? device }
          : { kind: "application", name: name ?? application };
      return [id, ended];
    }),
  );
}
