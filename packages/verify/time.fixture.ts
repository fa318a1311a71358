import type { Time } from "./time.js";

/** A time that stands still until a test moves it. */
export type MovedTime = Time & {
  /** Goes on by `ms`; what is due by then happens, in order. Backward nothing happens. */
  move(ms: number): void;
  /** Resolves with the milliseconds of a wait between `minMs` and `maxMs`, as soon as something waits so long. */
  waiting(minMs: number, maxMs: number): Promise<number>;
};

export function createTime(start = "2026-11-27T12:00:00.000Z"): MovedTime {
  type Wait = { delayMs: number; atMs: number; act: () => void };
  const waits = new Set<Wait>();
  const watchers = new Set<() => void>();
  let nowMs = Date.parse(start);
  return {
    now: () => new Date(nowMs),
    after(delayMs, act) {
      const wait = { delayMs, atMs: nowMs + delayMs, act };
      waits.add(wait);
      for (const look of [...watchers]) look();
      return () => waits.delete(wait);
    },
    move(ms) {
      nowMs += ms;
      for (const wait of [...waits].sort((a, b) => a.atMs - b.atMs)) {
        if (wait.atMs > nowMs || !waits.delete(wait)) continue;
        wait.act();
      }
    },
    waiting: (minMs, maxMs) =>
      new Promise((resolve) => {
        function look() {
          const found = [...waits].find(({ delayMs }) => delayMs >= minMs && delayMs <= maxMs);
          if (!found) return;
          watchers.delete(look);
          resolve(found.delayMs);
        }
        watchers.add(look);
        look();
      }),
  };
}
