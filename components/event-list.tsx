import { instant } from "@/lib/clock.ts";
import { eventSentence } from "@/lib/contract/event-sentence.ts";
import type { PublicEvent } from "@/lib/contract/events.ts";
import { EventDays } from "./event-days.tsx";

/** What happened, in plain words, day by day. The words are chosen on the server: no script carries them all. */
export function EventList({ events, now }: { events: PublicEvent[]; now: Date }) {
  const lines = events.map((event) => ({
    id: event.id,
    at: instant(event.created_at),
    sentence: eventSentence(event),
    ip: event.ip,
  }));
  return <EventDays lines={lines} now={now} />;
}
