import { secondsAfter } from "@/lib/base/clock.ts";

/**
 * Where a text is read: in a zone by its name, or in this machine's own for undefined. Texts in UTC say so, as they are
 * for readers whose zone nobody knows.
 *
 * The parts come from Intl and are joined here: the order and words of whole formats differ between engines, and a page
 * must read alike on the server and in the browser that takes it over.
 */
export type Zone = string | undefined;

/** "2 March 2026 at 23:30:00". */
export function fullTime(at: Date, zone: Zone): string {
  return `${fullDay(at, zone)} at ${formatsIn(zone).exactTime.format(at)}${nameOf(zone)}`;
}

/** "23:30". */
export function timeOfDay(at: Date, zone: Zone): string {
  return `${formatsIn(zone).time.format(at)}${nameOf(zone)}`;
}

/** "2 March 2026". */
export function fullDay(at: Date, zone: Zone): string {
  return `${formatsIn(zone).day.format(at)} ${formatsIn(zone).year.format(at)}`;
}

/** "2 March", with its year where it is another than that of `now`. */
export function shortDay(at: Date, now: Date, zone: Zone): string {
  const { day, year } = formatsIn(zone);
  return year.format(at) === year.format(now) ? day.format(at) : fullDay(at, zone);
}

/** "Today", "Yesterday", "2 March 2026". */
export function nameOfDay(at: Date, now: Date, zone: Zone): string {
  const day = fullDay(at, zone);
  if (day === fullDay(now, zone)) return "Today";
  return day === dayBefore(now, zone) ? "Yesterday" : day;
}

/** "today 14:02", "2 March 14:02". */
export function dayAndTime(at: Date, now: Date, zone: Zone): string {
  const isToday = fullDay(at, zone) === fullDay(now, zone);
  return `${isToday ? "today" : shortDay(at, now, zone)} ${timeOfDay(at, zone)}`;
}

const HALF_DAY_SECONDS = 12 * 60 * 60;

/** Where clocks change a day lasts 23 or 25 hours, so that 24 hours ago may be the same day, or the one before the last. */
function dayBefore(now: Date, zone: Zone): string {
  let at = now;
  while (fullDay(at, zone) === fullDay(now, zone)) at = secondsAfter(at, -HALF_DAY_SECONDS);
  return fullDay(at, zone);
}

function nameOf(zone: Zone): string {
  return zone === "UTC" ? " UTC" : "";
}

const made = new Map<Zone, ReturnType<typeof makeFormats>>();

/** Made once for each zone: that costs more than all they write on a page. */
function formatsIn(zone: Zone) {
  const formats = made.get(zone) ?? makeFormats(zone);
  made.set(zone, formats);
  return formats;
}

function makeFormats(timeZone: Zone) {
  const format = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat("en-GB", { ...options, ...(timeZone && { timeZone }) });
  const time = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" } as const;
  return {
    day: format({ day: "numeric", month: "long" }),
    year: format({ year: "numeric" }),
    time: format(time),
    exactTime: format({ ...time, second: "2-digit" }),
  };
}
