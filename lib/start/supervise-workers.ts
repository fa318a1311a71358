import cluster from "node:cluster";
import { askedToStop } from "./stop.ts";

/** Runs `count` serving processes, replaces one that dies, and on a stop waits until all have finished. */
export async function superviseWorkers(count: number): Promise<void> {
  let stopping = false;
  for (let i = 0; i < count; i += 1) cluster.fork();
  cluster.on("exit", () => {
    if (!stopping) cluster.fork();
  });
  await askedToStop();
  stopping = true;
  const workers = Object.values(cluster.workers ?? {});
  const ended = workers.map(
    (worker) => new Promise<void>((resolve) => worker?.once("exit", () => resolve())),
  );
  for (const worker of workers) worker?.process.kill("SIGTERM");
  await Promise.all(ended);
}
