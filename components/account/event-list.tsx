import { instant } from "@/lib/base/clock.ts";
import { ENDING_EVENTS, type Ended, eventSentence } from "@/lib/contract/event-sentence.ts";
import type { PublicEvent } from "@/lib/contract/events.ts";
import { EventDays } from "./event-days.tsx";

/**
 * What happened, in plain words, day by day. The words are chosen on the server: no script carries them all.
 *
 * @param ended what was logged out, by the ids of the sessions
 */
export function EventList({
  events,
  ended,
  now,
}: {
  events: PublicEvent[];
  ended: Map<string, Ended>;
  now: Date;
}) {
  const lines = acts(events).map(([event, ...more]) => ({
    id: event.id,
    at: instant(event.created_at),
    sentence: eventSentence(
      event,
      [event, ...more].map(({ session_id: id }) => ended.get(id ?? "") ?? { kind: "device", name: null }),
    ),
    ip: event.ip,
  }));
  return <EventDays lines={lines} now={now} />;
}

/**
 * The events, those of one act together that logged several devices and applications out. What else happened at that very
 * instant may stand between them.
 */
function acts(events: PublicEvent[]): [PublicEvent, ...PublicEvent[]][] {
  const found = new Map<string, [PublicEvent, ...PublicEvent[]]>();
  for (const event of events) {
    const act = actOf(event);
    const before = found.get(act);
    found.set(act, before ? [...before, event] : [event]);
  }
  return [...found.values()];
}

/** What events of one act have in common, and of others nothing does. */
function actOf({ id, type, created_at: at, ip, browser, os, data }: PublicEvent): string {
  return ENDING_EVENTS.includes(type) ? JSON.stringify([type, at, data.reason, ip, browser, os]) : id;
}
