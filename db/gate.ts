/** How full a gate is. */
export type GateUse = {
  /** How many pass at once. */
  size: number;
  inUse: number;
  waiting: number;
  /** How many have waited in vain since the start. */
  refused: number;
};

/** Nothing was begun: every connection stayed taken for as long as anybody waits. */
export class PoolExhausted extends Error {
  readonly code = "CONNECTION_POOL_EXHAUSTED";
}

export type Gate = {
  /** Runs `work` as soon as there is room; throws `PoolExhausted`, without having begun, when there is none in time. */
  pass<Result>(work: () => PromiseLike<Result>): Promise<Result>;
  use(): GateUse;
};

/** Lets `size` pieces of work run at once; the others wait their turn, each for `waitAtMostMs` at most. */
export function createGate(size: number, waitAtMostMs: number): Gate {
  const waiting = new Set<() => void>();
  let inUse = 0;
  let refused = 0;

  function turn(): Promise<void> {
    return new Promise((resolve, reject) => {
      const enter = () => {
        clearTimeout(late);
        resolve();
      };
      const late = setTimeout(() => {
        waiting.delete(enter);
        refused += 1;
        reject(new PoolExhausted("Every connection stayed taken."));
      }, waitAtMostMs);
      waiting.add(enter);
    });
  }

  /** Room that comes free is handed on, so that nobody who arrives later is faster. */
  function leave(): void {
    const [next] = waiting;
    if (!next) {
      inUse -= 1;
      return;
    }
    waiting.delete(next);
    next();
  }

  return {
    async pass(work) {
      if (inUse >= size) await turn();
      else inUse += 1;
      try {
        return await work();
      } finally {
        leave();
      }
    },
    use: () => ({ size, inUse, waiting: waiting.size, refused }),
  };
}
