import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { databaseClock, epochSeconds, instant, secondsAfter, systemClock } from "./clock.ts";

const HOST_START = "2026-03-01T12:00:00.000Z";
const MINUTE_MS = 60_000;

/** This host's clock and monotonic timer, both moved by hand; a database whose clock is `skewMs` off from it. */
let skewMs = 0;
let asked = 0;
let answer: () => Promise<Date>;
const there = () => instant(Date.now() + skewMs);

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date", "performance"], now: instant(HOST_START) });
  skewMs = 0;
  asked = 0;
  answer = async () => there();
});
afterEach(() => {
  vi.useRealTimers();
});

const ask = () => {
  asked += 1;
  return answer();
};
const elapse = (ms: number) => vi.advanceTimersByTime(ms);
/** Lets answers that are on their way arrive. */
const settle = async () => {
  for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
};

describe("a clock that goes by the database", () => {
  it.each([
    ["behind", 5 * MINUTE_MS],
    ["ahead", -5 * MINUTE_MS],
  ])("shows the database's time on a host that is five minutes %s", async (_, skew) => {
    skewMs = skew;
    const clock = databaseClock(ask);
    await clock.synchronize();
    expect(clock.now()).toEqual(there());
    elapse(12_345);
    expect(clock.now()).toEqual(there());
  });

  it("two hosts ten minutes apart show the same time", async () => {
    const database = instant("2026-03-01T12:00:00.000Z").getTime();
    const started = performance.now();
    const databaseNow = async () => instant(database + performance.now() - started);
    vi.setSystemTime(instant("2026-03-01T11:55:00.000Z"));
    const one = databaseClock(databaseNow);
    vi.setSystemTime(instant("2026-03-01T12:05:00.000Z"));
    const two = databaseClock(databaseNow);
    await Promise.all([one.synchronize(), two.synchronize()]);
    elapse(7_000);
    expect(one.now()).toEqual(two.now());
    expect(one.now()).toEqual(instant(database + 7_000));
  });

  it("does not follow when somebody sets this host's clock", async () => {
    const clock = databaseClock(ask);
    await clock.synchronize();
    const before = clock.now();
    vi.setSystemTime(instant("2031-01-01T00:00:00.000Z"));
    expect(clock.now()).toEqual(before);
  });

  it("goes by this host until the first answer", () => {
    skewMs = 5 * MINUTE_MS;
    answer = () => new Promise(() => {});
    expect(databaseClock(ask).now()).toEqual(instant(HOST_START));
  });

  it("asks again after 30 s, once, however often it is read, and follows the answer", async () => {
    const clock = databaseClock(ask);
    await clock.synchronize();
    expect(asked).toBe(1);
    elapse(30_000);
    clock.now();
    expect(asked).toBe(1);
    skewMs = 2_000;
    elapse(1);
    for (let reading = 0; reading < 100; reading += 1) clock.now();
    expect(asked).toBe(2);
    await settle();
    expect(clock.now()).toEqual(there());
    expect(asked).toBe(2);
  });

  it("counts on from what it last knew while the database is away, and tries again", async () => {
    skewMs = 5 * MINUTE_MS;
    const clock = databaseClock(ask);
    await clock.synchronize();
    answer = async () => {
      throw new Error("the database is away");
    };
    for (let minute = 1; minute <= 10; minute += 1) {
      elapse(MINUTE_MS);
      expect(clock.now()).toEqual(there());
      await settle();
    }
    expect(asked).toBe(11);
    answer = async () => there();
    elapse(MINUTE_MS);
    clock.now();
    await settle();
    expect(clock.now()).toEqual(there());
  });

  it("asks every second until the database has answered once, and every half minute from then on", async () => {
    skewMs = 7 * MINUTE_MS;
    answer = () => Promise.reject(new Error("the database is away"));
    const clock = databaseClock(ask);
    await clock.synchronize().catch(() => {});
    elapse(1_001);
    clock.now();
    await settle();
    expect(asked).toBe(2);
    answer = async () => there();
    elapse(1_001);
    clock.now();
    await settle();
    expect(clock.now()).toEqual(there());
    elapse(29_000);
    clock.now();
    expect(asked).toBe(3);
  });

  it("says so to whoever synchronises it by hand while the database is away", async () => {
    answer = async () => {
      throw new Error("the database is away");
    };
    await expect(databaseClock(ask).synchronize()).rejects.toThrow("the database is away");
  });

  it("takes half of the way there and back for the way back", async () => {
    answer = async () => {
      elapse(40);
      const value = there();
      elapse(40);
      return value;
    };
    const clock = databaseClock(ask);
    await clock.synchronize();
    expect(clock.now()).toEqual(there());
  });
});

describe("instants", () => {
  it("seconds before and after, in fractions too", () => {
    const from = instant(HOST_START);
    expect(secondsAfter(from, 90).toISOString()).toBe("2026-03-01T12:01:30.000Z");
    expect(secondsAfter(from, -0.25).toISOString()).toBe("2026-03-01T11:59:59.750Z");
    expect(from.toISOString()).toBe(HOST_START);
  });

  it("epoch seconds are whole and never ahead", () => {
    expect(epochSeconds(instant("1970-01-01T00:00:01.999Z"))).toBe(1);
    expect(epochSeconds(instant("2038-01-19T03:14:08.000Z"))).toBe(2 ** 31);
  });

  it("this machine's clock is this machine's clock", () => {
    elapse(1_000);
    expect(systemClock.now().toISOString()).toBe("2026-03-01T12:00:01.000Z");
  });
});
