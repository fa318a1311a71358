import { pino } from "pino";

/** The log of this process: JSON lines on standard output. Nothing secret is ever handed to it. */
export const log = pino({ base: undefined, timestamp: pino.stdTimeFunctions.isoTime });
