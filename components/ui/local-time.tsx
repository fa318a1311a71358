"use client";

import type { ReactNode } from "react";
import { dayAndTime, fullDay, fullTime, shortDay, timeOfDay, type Zone } from "./time-words.ts";
import { useInteractive } from "./use-interactive.ts";

/** The zone that times are shown in: UTC on the server, which does not know the reader's, and then their own. */
export function useZone(): Zone {
  return useInteractive() ? undefined : "UTC";
}

/** A text that stands for an instant, which is told in full on hover. */
export function Instant({ at, children }: { at: Date; children: ReactNode }) {
  return (
    <time dateTime={at.toISOString()} title={fullTime(at, useZone())}>
      {children}
    </time>
  );
}

/** The day of an instant, with its year where it is another; in full on hover. */
export function Day({ at, now }: { at: Date; now: Date }) {
  return <Instant at={at}>{shortDay(at, now, useZone())}</Instant>;
}

/** The day of an instant, always with its year; in full on hover. */
export function FullDay({ at }: { at: Date }) {
  return <Instant at={at}>{fullDay(at, useZone())}</Instant>;
}

/** The time of an instant whose day is said above it; in full on hover. */
export function TimeOfDay({ at }: { at: Date }) {
  return <Instant at={at}>{timeOfDay(at, useZone())}</Instant>;
}

/** The day and the time of an instant inside a sentence; in full on hover. */
export function DayAndTime({ at, now }: { at: Date; now: Date }) {
  return <Instant at={at}>{dayAndTime(at, now, useZone())}</Instant>;
}

/** An instant in full, where the exact time matters. */
export function FullMoment({ at }: { at: Date }) {
  return <Instant at={at}>{fullTime(at, useZone())}</Instant>;
}
