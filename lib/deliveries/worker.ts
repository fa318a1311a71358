import { databaseFault } from "@/db/client.ts";
import { listDueReceivers, type Receiver } from "@/db/queries/deliveries.ts";
import { log } from "@/lib/base/log.ts";
import type { DeliveryApp } from "./delivery-deps.ts";
import { sendNext } from "./send.ts";

/** Messages under way at once to one address, so that one that hangs doesn't hold up the others. */
const LANES_PER_RECEIVER = 4;
const POLL_EVERY_MS = 1_000;

export type DeliveryWorker = {
  /** Takes nothing more and resolves when what is under way is done. */
  stop(): Promise<void>;
};

/**
 * Tells applications from this process: at once when a transaction of this process queued something, and within a second
 * what other processes queued or left behind. Any number of processes may run one. A database that is away doesn't end it.
 */
export function startDeliveryWorker(app: DeliveryApp): DeliveryWorker {
  const lanes = openLanes(app, reportFault);
  const timer = setInterval(lanes.look, POLL_EVERY_MS);
  timer.unref();
  const forget = app.deliveries.onWake(() => void setImmediate(lanes.look));
  return {
    stop() {
      clearInterval(timer);
      forget();
      return lanes.close();
    },
  };
}

/** Sends everything that is due, and resolves when nothing is left to do now. */
export async function deliverWaiting(app: DeliveryApp): Promise<void> {
  const faults: unknown[] = [];
  const lanes = openLanes(app, (fault) => faults.push(fault));
  lanes.look();
  await lanes.idle();
  if (faults.length > 0) throw faults[0];
}

/**
 * Lanes in which messages to one address are sent one after the other: no other address waits for them. A lane that finds
 * something opens the next before it sends; one that finds nothing closes. One look for all addresses opens the first.
 */
function openLanes(app: DeliveryApp, onFault: (fault: unknown) => void) {
  const running = new Map<string, Set<Promise<void>>>();
  let closed = false;
  let looking: Promise<void> | null = null;
  let again = false;

  function look() {
    again = true;
    if (closed || looking) return;
    looking = lookForAll()
      .catch(onFault)
      .finally(() => {
        looking = null;
      });
  }
  async function lookForAll() {
    while (again && !closed) {
      again = false;
      const due = await listDueReceivers(app.db, app.clock.now());
      for (const receiver of due) open(receiver);
    }
  }
  function open(receiver: Receiver) {
    const name = `${receiver.applicationId} ${receiver.channel}`;
    const lanes = running.get(name) ?? new Set();
    if (closed || lanes.size >= LANES_PER_RECEIVER) return;
    running.set(name, lanes);
    const lane: Promise<void> = run(receiver)
      .catch(onFault)
      .finally(() => {
        lanes.delete(lane);
        if (lanes.size === 0) running.delete(name);
      });
    lanes.add(lane);
  }
  async function run(receiver: Receiver) {
    while (!closed && (await sendNext(app, receiver, () => open(receiver))));
  }
  async function idle() {
    while (looking || running.size > 0) {
      await Promise.all([looking, ...[...running.values()].flatMap((lanes) => [...lanes])]);
    }
  }
  function close() {
    closed = true;
    return idle();
  }
  return { look, idle, close };
}

/** Class and code only: a query's error holds its parameters. */
function reportFault(fault: unknown): void {
  const name = fault instanceof Error ? fault.name : typeof fault;
  log.error({ code: databaseFault(fault)?.code, name }, "delivery worker: will try again");
}
