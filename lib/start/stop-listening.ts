import cluster from "node:cluster";

/** From a serving process: it listens no more. From the supervisor: none does. */
type Message = { about: "listening"; kind: "ended" };

/** A process that hangs keeps the others from stopping no longer than this. */
const WAIT_AT_MOST_MS = 1_000;

/**
 * In a serving process that listens no more: resolves when no other does either. Guarantee: whoever is then told to
 * come again on a new connection is refused it, instead of waiting in a queue that nobody will serve.
 */
export function nobodyListens(): Promise<void> {
  if (!cluster.isWorker) return Promise.resolve();
  return new Promise((resolve) => {
    const late = setTimeout(resolve, WAIT_AT_MOST_MS);
    process.on("message", (message: unknown) => {
      if (!isAboutListening(message)) return;
      clearTimeout(late);
      resolve();
    });
    if (process.connected) process.send?.(ENDED, undefined, undefined, () => {});
  });
}

/** In the supervisor: tells all serving processes when the last one has stopped listening. */
export function tellWhenNobodyListens(): void {
  const silent = new Set<number>();
  const tell = () => {
    const workers = Object.values(cluster.workers ?? {}).filter((worker) => worker !== undefined);
    if (!workers.every(({ id }) => silent.has(id))) return;
    for (const worker of workers) if (worker.isConnected()) worker.send(ENDED, () => {});
  };
  cluster.on("message", ({ id }, message: unknown) => {
    if (!isAboutListening(message)) return;
    silent.add(id);
    tell();
  });
  cluster.on("exit", tell);
}

const ENDED: Message = { about: "listening", kind: "ended" };

function isAboutListening(message: unknown): message is Message {
  return (
    typeof message === "object" && message !== null && "about" in message && message.about === "listening"
  );
}
