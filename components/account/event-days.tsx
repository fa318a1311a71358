"use client";

import { TimeOfDay, useZone } from "@/components/ui/local-time.tsx";
import { nameOfDay, type Zone } from "@/components/ui/time-words.ts";

/** One line of somebody's activity: what happened, when, and from which address. */
export type EventLine = { id: string; at: Date; sentence: string; ip: string | null };

/** What happened, day by day: a day ends where it does for the reader. */
export function EventDays({ lines, now }: { lines: EventLine[]; now: Date }) {
  const zone = useZone();
  return (
    <div className="space-y-8">
      {byDay(lines, now, zone).map(([day, ofDay]) => (
        <section key={day} className="space-y-3">
          <h2 className="font-semibold">{day}</h2>
          <ul className="divide-y divide-line rounded-xl border border-line bg-surface">
            {ofDay.map(({ id, at, sentence, ip }) => (
              <li key={id} className="space-y-0.5 px-5 py-3">
                <p className="break-words">{sentence}</p>
                <p className="text-small break-words text-quiet">
                  <TimeOfDay at={at} />
                  {ip && ` · ${ip}`}
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
function byDay(lines: EventLine[], now: Date, zone: Zone): [day: string, lines: EventLine[]][] {
  const days = new Map<string, EventLine[]>();
  for (const line of lines) {
    const day = nameOfDay(line.at, now, zone);
    days.set(day, [...(days.get(day) ?? []), line]);
  }
  return [...days];
}
