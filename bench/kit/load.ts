import { setTimeout as pause } from "node:timers/promises";
import { type Answer, KeepAlive } from "./keep-alive.ts";
import { type Round, summarize } from "./statistics.ts";

/** One caller: says what it sends next and takes each answer before it sends again. */
export type Chain = { next(): string; take(answer: Answer): void };

export type Extent = { milliseconds: number; pauseMs?: number } | { requests: number; pauseMs?: number };

/** A round of load, and the share of one core that making it took. */
export type LoadRound = Round & { generatorShare: number };

/** Loads the server at `port` with all chains at once, one connection each, for a time or a number of requests. */
export async function load(port: number, chains: Chain[], extent: Extent): Promise<LoadRound> {
  const connections = await Promise.all(chains.map(() => KeepAlive.open(port)));
  const latenciesMs: number[] = [];
  const spentBefore = process.cpuUsage();
  const startMs = performance.now();
  let sent = 0;
  const goesOn =
    "requests" in extent
      ? () => sent < extent.requests
      : () => performance.now() - startMs < extent.milliseconds;

  async function follow(chain: Chain, connection: KeepAlive): Promise<void> {
    while (goesOn()) {
      sent += 1;
      const request = chain.next();
      const sentMs = performance.now();
      const answer = await connection.exchange(request);
      latenciesMs.push(performance.now() - sentMs);
      chain.take(answer);
      if (extent.pauseMs) await pause(extent.pauseMs);
    }
  }

  try {
    await Promise.all(chains.map((chain, i) => follow(chain, connections[i] as KeepAlive)));
  } finally {
    for (const connection of connections) connection.close();
  }
  const elapsedMs = performance.now() - startMs;
  const spent = process.cpuUsage(spentBefore);
  return {
    ...summarize(latenciesMs, elapsedMs),
    generatorShare: (spent.user + spent.system) / 1000 / elapsedMs,
  };
}

/** Sends one request on a connection of its own. */
export async function ask(port: number, request: string): Promise<Answer> {
  const connection = await KeepAlive.open(port);
  try {
    return await connection.exchange(request);
  } finally {
    connection.close();
  }
}
