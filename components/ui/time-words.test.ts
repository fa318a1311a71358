import { describe, expect, it } from "vitest";
import { instant } from "@/lib/base/clock.ts";
import { dayAndTime, fullDay, fullTime, nameOfDay, shortDay, timeOfDay, type Zone } from "./time-words.ts";

const NEW_YORK = "America/New_York";
const TOKYO = "Asia/Tokyo";
const LATE = instant("2026-11-24T00:21:09Z");

describe("an instant shortly after midnight UTC", () => {
  it.each<[Zone, string, string, string]>([
    ["UTC", "24 November 2026 at 00:21:09 UTC", "00:21 UTC", "24 November 2026"],
    [NEW_YORK, "23 November 2026 at 19:21:09", "19:21", "23 November 2026"],
    [TOKYO, "24 November 2026 at 09:21:09", "09:21", "24 November 2026"],
  ])("in %s", (zone, full, time, day) => {
    expect(fullTime(LATE, zone)).toBe(full);
    expect(timeOfDay(LATE, zone)).toBe(time);
    expect(fullDay(LATE, zone)).toBe(day);
  });

  it("is today or yesterday by the reader's own midnight", () => {
    const later = instant("2026-11-24T05:30:00Z");
    expect(dayAndTime(LATE, later, "UTC")).toBe("today 00:21 UTC");
    expect(dayAndTime(LATE, later, NEW_YORK)).toBe("23 November 19:21");
    expect(nameOfDay(LATE, later, NEW_YORK)).toBe("Yesterday");
    expect(nameOfDay(LATE, later, TOKYO)).toBe("Today");
  });
});

describe("a day", () => {
  it("has its year only where that is another, in the reader's own zone", () => {
    const newYear = instant("2027-01-01T02:00:00Z");
    expect(shortDay(LATE, LATE, "UTC")).toBe("24 November");
    expect(shortDay(LATE, newYear, "UTC")).toBe("24 November 2026");
    expect(shortDay(LATE, newYear, NEW_YORK)).toBe("23 November");
    expect(dayAndTime(LATE, newYear, TOKYO)).toBe("24 November 2026 09:21");
  });

  it.each([
    ["of 23 hours", "2026-03-08T17:00:00Z", "2026-03-09T04:30:00Z", "Yesterday"],
    ["before one of 23 hours", "2026-03-08T04:30:00Z", "2026-03-09T04:30:00Z", "7 March 2026"],
    ["before one of 25 hours", "2026-10-31T17:00:00Z", "2026-11-02T04:30:00Z", "Yesterday"],
    ["of 25 hours", "2026-11-01T04:30:00Z", "2026-11-02T04:30:00Z", "Today"],
  ])("%s is called what it is", (_, at, now, name) => {
    expect(nameOfDay(instant(at), instant(now), NEW_YORK)).toBe(name);
  });
});
