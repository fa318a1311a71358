import { instant, secondsAfter } from "@/lib/clock.ts";
import { eventSentence } from "@/lib/contract/event-sentence.ts";
import type { PublicEvent } from "@/lib/contract/events.ts";
import { TimeOfDay } from "./moment.tsx";

const DAY_SECONDS = 24 * 60 * 60;

/** In UTC: the server does not know where the reader is. */
const dayFormat = new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeZone: "UTC" });

/** What happened, in plain words, day by day. */
export function EventList({ events, now }: { events: PublicEvent[]; now: Date }) {
  return (
    <div className="space-y-8">
      {byDay(events).map(([day, ofDay]) => (
        <section key={day} className="space-y-3">
          <h2 className="font-semibold">{nameDay(day, now)}</h2>
          <ul className="divide-y divide-line rounded-xl border border-line bg-surface">
            {ofDay.map((event) => (
              <li key={event.id} className="space-y-0.5 px-5 py-3">
                <p className="break-words">{eventSentence(event)}</p>
                <p className="text-small break-words text-quiet">
                  <TimeOfDay at={instant(event.created_at)} />
                  {event.ip && ` · ${event.ip}`}
                </p>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

/** The list cut where a day ends; its order stays. */
function byDay(events: PublicEvent[]): [day: string, events: PublicEvent[]][] {
  const days = new Map<string, PublicEvent[]>();
  for (const event of events) {
    const day = dayFormat.format(instant(event.created_at));
    days.set(day, [...(days.get(day) ?? []), event]);
  }
  return [...days];
}

function nameDay(day: string, now: Date): string {
  if (day === dayFormat.format(now)) return "Today";
  return day === dayFormat.format(secondsAfter(now, -DAY_SECONDS)) ? "Yesterday" : day;
}
