import cluster from "node:cluster";
import { passMetricsOn } from "@/lib/metrics/share.ts";
import type { Served } from "./serve.ts";
import { tellWhenNobodyListens } from "./stop-listening.ts";

/**
 * Runs `count` serving processes, replaces one that dies, and on a stop waits until all have finished.
 *
 * The first is started alone: what keeps it from serving would keep all of them, and is told once.
 */
export async function superviseWorkers(count: number, stopAsked: Promise<void>): Promise<Served> {
  passMetricsOn();
  tellWhenNobodyListens();
  const line = await startFirst();
  if (line !== null) return { kind: "refused", line };
  for (let i = 1; i < count; i += 1) cluster.fork();
  let stopping = false;
  cluster.on("exit", () => {
    if (!stopping) cluster.fork();
  });
  await stopAsked;
  stopping = true;
  const workers = Object.values(cluster.workers ?? {});
  const ended = workers.map(
    (worker) => new Promise<void>((resolve) => worker?.once("exit", () => resolve())),
  );
  for (const worker of workers) worker?.process.kill("SIGTERM");
  await Promise.all(ended);
  return { kind: "stopped" };
}

/** Returns null once the first process listens, or why it does not. */
function startFirst(): Promise<string | null> {
  const worker = cluster.fork();
  return new Promise((resolve) => {
    worker.once("listening", () => resolve(null));
    worker.on("message", (line: unknown) => {
      if (typeof line === "string") resolve(line);
    });
    worker.once("exit", () => resolve("A serving process ended before it was ready."));
  });
}
