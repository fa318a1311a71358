import { type Connection, DatabaseAway, openDatabase } from "@/db/client.ts";
import { joinEmbeddedDatabase } from "@/db/embedded.ts";
import { databaseTime } from "@/db/queries/time.ts";
import { type App, createApp } from "./app.ts";
import { databaseClock } from "./clock.ts";
import { readSettings, type Settings } from "./env.ts";
import { localSecretKey } from "./secret-key.ts";

export type RunningApp = App & { close(): Promise<void> };

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
  });
  const clock = databaseClock(() => databaseTime(db));
  await clock.synchronize().catch(() => {});
  const app = await createApp(settings, secretInForce(settings), { db, clock });
  return { ...app, close };
}

/** Where the database is. Throws one line when there is none to be found. */
export async function findConnection(settings: Settings): Promise<Connection> {
  const connection = settings.DATABASE_URL ?? (await joinEmbeddedDatabase(settings.DATA_FOLDER));
  if (!connection)
    throw new DatabaseAway("The embedded database is not running: start Keyturn, or set DATABASE_URL.");
  return connection;
}

/** The SECRET_KEY of the settings, or the one made and kept locally. */
export function secretInForce(settings: Settings): string {
  return settings.SECRET_KEY ?? localSecretKey(settings.DATA_FOLDER);
}
