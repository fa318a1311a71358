import type { Device } from "@/lib/audit/record.ts";
import type { App } from "./app.ts";

/** Keyturn at one moment: what a verb works with besides its input. */
export type Moment = { app: App; now: Date };

/** One request: the moment, and the browser or program it came from. */
export type Call = Moment & { device: Device };
