import { type Connection, DatabaseAway, openDatabase } from "@/db/client.ts";
import { joinEmbeddedDatabase } from "@/db/embedded.ts";
import { databaseTime } from "@/db/queries/time.ts";
import { writableFirst } from "@/db/takes-writes.ts";
import { watchLog } from "@/db/watch-log.ts";
import { databaseClock } from "@/lib/base/clock.ts";
import { readSettings, type Settings } from "@/lib/settings/env.ts";
import { localSecretKey } from "@/lib/settings/secret-key.ts";
import { type App, createApp } from "./app.ts";

export type RunningApp = App & { close(): Promise<void> };

const FIRST_TIME_WITHIN_MS = 3_000;
const ASK_AGAIN_AFTER_MS = 250;

const slot = globalThis as typeof globalThis & { keyturnApp?: Promise<RunningApp> };

/**
 * The one app of this process. Next loads this module separately for pages and routes, so it is kept on `globalThis`.
 * A start that fails is not remembered: the next request tries again.
 */
export function runningApp(): Promise<RunningApp> {
  slot.keyturnApp ??= openApp(readSettings()).catch((error: unknown) => {
    delete slot.keyturnApp;
    throw error;
  });
  return slot.keyturnApp;
}

/** Opens an app on the database that the settings name, or on the embedded one that already runs. */
export async function openApp(settings: Settings): Promise<RunningApp> {
  const connection = await findConnection(settings);
  const { db, close } = openDatabase(connection, {
    maxConnections: settings.DATABASE_POOL,
    prepare: settings.DATABASE_PREPARE === "on",
    expectAnswers: true,
  });
  const clock = databaseClock(() => databaseTime(db));
  await firstTime(clock);
  const revocationLog = watchLog(connection, { listens: settings.DATABASE_PREPARE === "on" });
  const app = await createApp(settings, secretInForce(settings), { db, clock, revocationLog });
  return { ...app, close: () => Promise.all([revocationLog.close(), close()]).then(() => {}) };
}

/**
 * Asks the database for its time before anybody is judged by this machine's, and again for some seconds where it is just
 * starting: by a clock that is minutes off, good tokens look expired, or as if they came from the future.
 */
async function firstTime(clock: { synchronize(): Promise<void> }): Promise<void> {
  const untilMs = performance.now() + FIRST_TIME_WITHIN_MS;
  const ask = () =>
    clock.synchronize().then(
      () => true,
      () => false,
    );
  while (!(await ask()) && performance.now() < untilMs)
    await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_AFTER_MS));
}

/** Where the database is, of several hosts the one first that takes writes now. Throws one line when there is none to be found. */
export async function findConnection(settings: Settings): Promise<Connection> {
  if (settings.DATABASE_URL !== undefined) return writableFirst(settings.DATABASE_URL);
  const connection = await joinEmbeddedDatabase(settings.DATA_FOLDER);
  if (!connection)
    throw new DatabaseAway("The embedded database is not running: start Keyturn, or set DATABASE_URL.");
  return connection;
}

/** The SECRET_KEY of the settings, or the one made and kept locally. */
export function secretInForce(settings: Settings): string {
  return settings.SECRET_KEY ?? localSecretKey(settings.DATA_FOLDER);
}
