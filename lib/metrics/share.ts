import cluster, { type Worker } from "node:cluster";
import { randomUUID } from "@/lib/base/crypto.ts";
import type { MetricsSnapshot } from "./counters.ts";

/** A process that is starting or hangs is left out. */
const ANSWER_WITHIN_MS = 1_000;

/** Serving processes know only their supervisor, which passes these on. */
type Message =
  | { about: "metrics"; kind: "siblings-wanted"; id: string }
  | { about: "metrics"; kind: "siblings"; id: string; snapshots: MetricsSnapshot[] }
  | { about: "metrics"; kind: "snapshot-wanted"; id: string }
  | { about: "metrics"; kind: "snapshot"; id: string; snapshot: MetricsSnapshot };

/** In a serving process: the numbers of the other ones; none where there is no other. */
export function askSiblings(): Promise<MetricsSnapshot[]> {
  if (!cluster.isWorker) return Promise.resolve([]);
  const id = randomUUID();
  return new Promise((resolve) => {
    const done = (snapshots: MetricsSnapshot[]) => {
      clearTimeout(late);
      process.off("message", hear);
      resolve(snapshots);
    };
    const hear = (message: unknown) => {
      if (isAboutMetrics(message) && message.kind === "siblings" && message.id === id)
        done(message.snapshots);
    };
    const late = setTimeout(() => done([]), 2 * ANSWER_WITHIN_MS);
    process.on("message", hear);
    tellSupervisor({ about: "metrics", kind: "siblings-wanted", id });
  });
}

/** In a serving process: answers when another one asks. */
export function answerSiblings(snapshot: () => Promise<MetricsSnapshot>): void {
  if (!cluster.isWorker) return;
  process.on("message", async (message: unknown) => {
    if (!isAboutMetrics(message) || message.kind !== "snapshot-wanted") return;
    tellSupervisor({ about: "metrics", kind: "snapshot", id: message.id, snapshot: await snapshot() });
  });
}

/** In the supervisor: asks every other process on behalf of the one that wants to know. */
export function passMetricsOn(): void {
  cluster.on("message", (asking, message: unknown) => {
    if (isAboutMetrics(message) && message.kind === "siblings-wanted") void gather(asking, message.id);
  });
}

async function gather(asking: Worker, id: string): Promise<void> {
  const others = Object.values(cluster.workers ?? {}).filter((worker) => worker && worker !== asking);
  const told = await Promise.all(others.map((worker) => worker && askOne(worker, id)));
  const snapshots = told.filter((snapshot) => snapshot !== null && snapshot !== undefined);
  tell(asking, { about: "metrics", kind: "siblings", id, snapshots });
}

function askOne(worker: Worker, id: string): Promise<MetricsSnapshot | null> {
  return new Promise((resolve) => {
    const done = (snapshot: MetricsSnapshot | null) => {
      clearTimeout(late);
      worker.off("message", hear);
      resolve(snapshot);
    };
    const hear = (message: unknown) => {
      if (isAboutMetrics(message) && message.kind === "snapshot" && message.id === id) done(message.snapshot);
    };
    const late = setTimeout(() => done(null), ANSWER_WITHIN_MS);
    worker.on("message", hear);
    tell(worker, { about: "metrics", kind: "snapshot-wanted", id });
  });
}

/** A process that has just ended can't be told any more. */
function tell(worker: Worker, message: Message): void {
  if (worker.isConnected()) worker.send(message, () => {});
}

function tellSupervisor(message: Message): void {
  if (process.connected) process.send?.(message, undefined, undefined, () => {});
}

function isAboutMetrics(message: unknown): message is Message {
  return typeof message === "object" && message !== null && "about" in message && message.about === "metrics";
}
