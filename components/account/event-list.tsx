import { instant } from "@/lib/base/clock.ts";
import { eventSentence } from "@/lib/contract/event-sentence.ts";
import type { PublicEvent } from "@/lib/contract/events.ts";
import { EventDays } from "./event-days.tsx";

/**
 * What happened, in plain words, day by day. The words are chosen on the server: no script carries them all.
 *
 * @param devices the names of devices that were logged out, by the ids of their sessions
 */
export function EventList({
  events,
  devices,
  now,
}: {
  events: PublicEvent[];
  devices: Map<string, string>;
  now: Date;
}) {
  const lines = acts(events).map(({ event, count }) => ({
    id: event.id,
    at: instant(event.created_at),
    sentence: eventSentence(event, { device: devices.get(event.session_id ?? ""), count }),
    ip: event.ip,
  }));
  return <EventDays lines={lines} now={now} />;
}

/**
 * The events, where those of one act that logged several devices out count as one. What else happened at that very
 * instant may stand between them.
 */
function acts(events: PublicEvent[]): { event: PublicEvent; count: number }[] {
  const found = new Map<string, { event: PublicEvent; count: number }>();
  for (const event of events) {
    const act = actOf(event);
    found.set(act, { event: found.get(act)?.event ?? event, count: (found.get(act)?.count ?? 0) + 1 });
  }
  return [...found.values()];
}

/** What events of one act have in common, and of others nothing does. */
function actOf({ id, type, created_at: at, ip, browser, os, data }: PublicEvent): string {
  return type === "session.revoked" ? JSON.stringify([at, data.reason, ip, browser, os]) : id;
}
