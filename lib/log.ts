import { type DestinationStream, type Logger, pino } from "pino";
import type { AnsweredRequest } from "./metrics.ts";

/**
 * Names under which something secret could stand. Nothing of the kind is ever handed to the log: this is a net below
 * it. Log objects are flat, so that it costs nothing.
 */
const SECRET_NAMES =
  "password current_password new_password token access refresh refresh_token device_token reset_token challenge secret link url text html body to email recipient authorization cookie headers params query message".split(
    " ",
  );

/** Asked for every few seconds by machines; told only at level debug unless it fails. */
const POLLED_ROUTES = new Set(["/api/health", "/api/ready", "/api/metrics"]);

export function createLog(destination: DestinationStream): Logger {
  const redact = { paths: SECRET_NAMES, censor: "[redacted]" };
  return pino({ base: undefined, timestamp: pino.stdTimeFunctions.isoTime, redact }, destination);
}

const slot = globalThis as typeof globalThis & { keyturnLog?: Logger };

/**
 * The log of this process: JSON lines on standard output, written without holding anybody up and to their end when
 * the process ends. Next loads this module several times, so it is kept on `globalThis`: lines stay whole.
 */
export const log: Logger = openLog();

function openLog(): Logger {
  slot.keyturnLog ??= createLog(pino.destination({ dest: 1, sync: false }));
  return slot.keyturnLog;
}

/** One line per request: no address, path, query, header or name, so that nothing of a person is kept. */
export function logRequest({ status, route, milliseconds, ...request }: AnsweredRequest, to = log): void {
  const line = { ...request, route, status, ms: Math.round(milliseconds * 100) / 100 };
  if (status >= 500) to.error(line, "request");
  else if (POLLED_ROUTES.has(route)) to.debug(line, "request");
  else to.info(line, "request");
}
