import { databaseFault } from "@/db/client.ts";
import { log } from "@/lib/base/log.ts";
import type { MailApp } from "./mail-deps.ts";
import { loadTemplates } from "./messages.ts";
import { sendNext } from "./send.ts";

/** Mails under way at once, so that one that hangs doesn't hold up the others. */
const LANES = 4;
const POLL_EVERY_MS = 1_000;

export type MailWorker = {
  /** Takes no more mail and resolves when those under way are done. */
  stop(): Promise<void>;
  /** Looks for mail now. */
  wake(): void;
};

/**
 * Sends the outbox from this process: at once when a transaction of this process wrote mail, and within a second what
 * other processes wrote or left behind. Any number of processes may run one. A database that is away doesn't end it.
 */
export function startMailWorker(app: MailApp): MailWorker {
  loadTemplates().catch(reportFault);
  const lanes = openLanes(app, reportFault);
  const wake = () => void setImmediate(lanes.open);
  const timer = setInterval(lanes.open, POLL_EVERY_MS);
  timer.unref();
  const forget = app.mail.onWake(wake);
  return {
    wake,
    stop() {
      clearInterval(timer);
      forget();
      return lanes.close();
    },
  };
}

/** Sends everything that is due, several at once, and resolves when nothing is left to do now. */
export async function sendWaiting(app: MailApp): Promise<void> {
  const faults: unknown[] = [];
  const lanes = openLanes(app, (fault) => faults.push(fault));
  lanes.open();
  await lanes.idle();
  if (faults.length > 0) throw faults[0];
}

/**
 * Lanes in which mail is sent one after the other. A lane that finds mail opens the next before it sends, so an empty
 * outbox costs one query and a full one gets them all; a lane that finds none closes.
 */
function openLanes(app: MailApp, onFault: (fault: unknown) => void) {
  const running = new Set<Promise<void>>();
  let closed = false;

  async function run() {
    while (!closed && (await sendNext(app, open)));
  }
  function open() {
    if (closed || running.size >= LANES) return;
    const lane: Promise<void> = run()
      .catch(onFault)
      .finally(() => running.delete(lane));
    running.add(lane);
  }
  async function idle() {
    while (running.size > 0) await Promise.all(running);
  }
  function close() {
    closed = true;
    return idle();
  }
  return { open, idle, close };
}

/** Class and code only: a query's error holds its parameters. */
function reportFault(fault: unknown): void {
  const name = fault instanceof Error ? fault.name : typeof fault;
  log.error({ code: databaseFault(fault)?.code, name }, "mail worker: will try again");
}
