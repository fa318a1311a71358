import { formatDistance } from "date-fns";

/** In UTC whatever the server's own zone is: it does not know the reader's. */
const format = (options: Intl.DateTimeFormatOptions) =>
  new Intl.DateTimeFormat("en-GB", { ...options, timeZone: "UTC" });
const inFull = format({ dateStyle: "long", timeStyle: "medium" });
const timeOfDay = format({ timeStyle: "short" });
const dayOfYear = format({ day: "numeric", month: "long" });
const day = format({ dateStyle: "long" });

/** An instant as people say it, in full on hover. */
export function Moment({ at, now }: { at: Date; now: Date }) {
  return <Time at={at}>{distance(at, now)}</Time>;
}

/** The day of an instant, with its year where it is another; in full on hover. */
export function Day({ at, now }: { at: Date; now: Date }) {
  const sameYear = at.getUTCFullYear() === now.getUTCFullYear();
  return <Time at={at}>{(sameYear ? dayOfYear : day).format(at)}</Time>;
}

/** The time of an instant whose day is said above it; in full on hover. */
export function TimeOfDay({ at }: { at: Date }) {
  return <Time at={at}>{`${timeOfDay.format(at)} UTC`}</Time>;
}

/** An instant in full, where the exact time matters. */
export function FullMoment({ at }: { at: Date }) {
  return <Time at={at}>{fullTime(at)}</Time>;
}

/** How far an instant is from now, as people say it. */
export function distance(at: Date, now: Date): string {
  return formatDistance(at, now, { addSuffix: true });
}

function Time({ at, children }: { at: Date; children: string }) {
  return (
    <time dateTime={at.toISOString()} title={fullTime(at)}>
      {children}
    </time>
  );
}

function fullTime(at: Date): string {
  return `${inFull.format(at)} UTC`;
}
