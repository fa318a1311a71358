import { type DestinationStream, type Logger, type LoggerOptions, pino } from "pino";

/** A request that has been answered. Nothing in it is the caller's own words. */
export type AnsweredRequest = {
  requestId: string;
  lane: "api" | "pages";
  method: string;
  /** The pattern as the folders spell it, never the path. */
  route: string;
  /** 499: the caller went away before there was an answer. */
  status: number;
  milliseconds: number;
};

/**
 * Names under which something secret could stand. Nothing of the kind is ever handed to the log: this is a net below
 * it. Log objects are flat, so that it costs nothing.
 */
const SECRET_NAMES =
  "password current_password new_password token access refresh refresh_token device_token reset_token challenge secret link url text html body to email recipient authorization cookie headers params query message".split(
    " ",
  );

const ERROR = 50;

/** Asked for every few seconds by machines; told only at level debug unless it fails. */
const POLLED_ROUTES = new Set(["/api/health", "/api/ready", "/api/metrics"]);

export function createLog(destination: DestinationStream & { flush?(): void }): Logger {
  const redact = { paths: SECRET_NAMES, censor: "[redacted]" };
  const hooks: LoggerOptions["hooks"] = {
    logMethod(given, write, level) {
      write.apply(this, given);
      if (level >= ERROR) destination.flush?.();
    },
  };
  return pino({ base: undefined, timestamp: pino.stdTimeFunctions.isoTime, redact, hooks }, destination);
}

const slot = globalThis as typeof globalThis & { keyturnLog?: Logger };

/** Lines leave in one write: once they are so many bytes, so many milliseconds on, or at once with an error's. */
const GATHERED = { minLength: 4_096, periodicFlush: 100 };

/**
 * The log of this process: JSON lines on standard output, written without holding anybody up. Whoever ends the process
 * waits for `logWritten`. Next loads this module several times, so it is kept on `globalThis`: lines stay whole.
 */
export const log: Logger = openLog();

function openLog(): Logger {
  slot.keyturnLog ??= createLog(pino.destination({ dest: 1, sync: false, ...GATHERED }));
  return slot.keyturnLog;
}

const STALLED_AFTER_MS = 1_000;

/** Resolves when every line so far is written; one whom the log's reader keeps waiting gives up after a second. */
export function logWritten(): Promise<void> {
  return new Promise((resolve) => {
    const stalled = setTimeout(resolve, STALLED_AFTER_MS);
    log.flush(() => {
      clearTimeout(stalled);
      resolve();
    });
  });
}

/** One line per request: no address, path, query, header or name, so that nothing of a person is kept. */
export function logRequest(request: AnsweredRequest, to = log): void {
  const { requestId, lane, method, route, status, milliseconds } = request;
  const line = { requestId, lane, method, route, status, ms: Math.round(milliseconds * 100) / 100 };
  if (status >= 500) to.error(line, "request");
  else if (POLLED_ROUTES.has(route)) to.debug(line, "request");
  else to.info(line, "request");
}
