import type { Site } from "../messages.ts";

const UNSEEN = /[\p{C}\p{Zl}\p{Zp}]+/gu;
const LONGEST = 80;

/** The host people know this Keyturn by. */
export function hostOf({ appUrl }: Site): string {
  return new URL(appUrl).host;
}

/** A page of this Keyturn, opened with the secret of a link where it has one. */
export function linkTo({ appUrl }: Site, path: string, token?: string): string {
  return `${appUrl}${path}${token === undefined ? "" : `?token=${token}`}`;
}

/**
 * A name from outside on one line and of bearable length: no line break that could fake a code's own line, no
 * character that is unseen or turns the direction of what follows.
 */
export function oneLine(text: string): string {
  const line = text.replace(UNSEEN, " ").replace(/\s+/g, " ").trim();
  const characters = [...line];
  return characters.length > LONGEST ? `${characters.slice(0, LONGEST - 1).join("")}…` : line;
}

/** "1 March 2026 at 12:00 UTC": nobody knows where the reader is. */
export function sayInstant(at: Date): string {
  const format = new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeStyle: "short", timeZone: "UTC" });
  return `${format.format(at)} UTC`;
}

/** "10 minutes", "1 day". */
export function count(number: number, unit: "minute" | "hour" | "day" | "code"): string {
  return `${number} ${unit}${number === 1 ? "" : "s"}`;
}
