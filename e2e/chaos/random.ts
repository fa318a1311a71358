/** Chance that is the same again for the same seed. */
export type Random = {
  /** At least 0 and less than 1. */
  next(): number;
  chance(probability: number): boolean;
  between(from: number, to: number): number;
  pick<Item>(items: readonly Item[]): Item;
};

/** Mulberry32: short, and even enough for choosing what to break. */
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
  return {
    next,
    chance: (probability) => next() < probability,
    between: (from, to) => from + next() * (to - from),
    pick(items) {
      const item = items[Math.floor(next() * items.length)];
      if (item === undefined) throw new Error("there is nothing to pick from");
      return item;
    },
  };
}
