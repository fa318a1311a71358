import { type Connection, type Database, databaseFault, openDatabase } from "@/db/client.ts";
import { becomesTrue } from "@/db/embedded/process.ts";
import { joinEmbeddedDatabase, startEmbeddedDatabase } from "@/db/embedded.ts";
import { migrateDatabase } from "@/db/migrate.ts";
import { countOtherConnections } from "@/db/queries/server.ts";
import { databaseTime } from "@/db/queries/time.ts";
import type { App } from "@/lib/app/app.ts";
import { findConnection, openApp } from "@/lib/app/running-app.ts";
import type { Settings } from "@/lib/settings/env.ts";
import { askedToStop } from "@/lib/start/stop.ts";
import { faultLine, type Outcome, refused, warn } from "./outcome.ts";

export type Reached =
  | { kind: "reached"; db: Database; connection: Connection; leave(): Promise<void> }
  | { kind: "refused"; objection: string };

const REACH_WITHIN_MS = 30_000;
const OTHERS_LEAVE_WITHIN_MS = 10_000;

/** Runs `work` on an app whose schema is up to date, and leaves the database as it was found, whatever happens. */
export async function withApp(settings: Settings, work: (app: App) => Promise<Outcome>): Promise<Outcome> {
  return withDatabase(settings, async (connection) => {
    await migrateDatabase(connection);
    const { close, ...app } = await openApp(settings);
    return work(app).finally(close);
  });
}

/** Runs `work` on the database with the schema it has. */
export async function withDatabase(
  settings: Settings,
  work: (connection: Connection) => Promise<Outcome>,
): Promise<Outcome> {
  const reached = await reachDatabase(settings);
  if (reached.kind === "refused") return refused(reached.objection);
  try {
    return await work(reached.connection);
  } finally {
    await reached.leave().catch((error) => warn([faultLine(error)]));
  }
}

/**
 * Gets hold of the database.
 *
 * 1. the settings name one → that one
 * 2. a live process, a server or another command, runs the embedded one → joined
 * 3. else → the embedded one is started, and stopped by `leave`
 *
 * A command that is stopping its database while this one looks is waited for.
 */
export async function reachDatabase(settings: Settings): Promise<Reached> {
  if (settings.DATABASE_URL !== undefined) return enter(await findConnection(settings));
  const giveUpAt = performance.now() + REACH_WITHIN_MS;
  for (;;) {
    const reached = (await join(settings.DATA_FOLDER)) ?? (await start(settings.DATA_FOLDER));
    if (reached.kind !== "owned") return reached;
    if (performance.now() > giveUpAt) {
      const objection = `Process ${reached.ownerPid} holds ${settings.DATA_FOLDER}, but its database does not answer.`;
      return { kind: "refused", objection };
    }
  }
}

async function join(folder: string): Promise<Reached | null> {
  const connection = await joinEmbeddedDatabase(folder);
  if (!connection) return null;
  return enter(connection).catch((error: unknown) => {
    if (databaseFault(error)?.away) return null;
    throw error;
  });
}

async function start(folder: string): Promise<Reached | { kind: "owned"; ownerPid: number }> {
  const database = await startEmbeddedDatabase(folder);
  switch (database.kind) {
    case "already-running":
      return { kind: "owned", ownerPid: database.ownerPid };
    case "unsupported":
      return { kind: "refused", objection: database.reason };
    case "started": {
      const { connection, stop } = database;
      void askedToStop().then(() => stop().finally(() => process.exit(1)));
      return enter(connection, stop);
    }
  }
}

/** Connects, and stays connected until `leave`: who owns the database waits for that before stopping it. */
async function enter(connection: Connection, stop?: () => Promise<void>): Promise<Reached> {
  const { db, close } = openDatabase(connection, { maxConnections: 1, prepare: false });
  const leave = async () => {
    const alone = stop ? othersLeft(db) : Promise.resolve();
    await alone.finally(close).finally(stop);
  };
  try {
    await databaseTime(db);
  } catch (error) {
    await leave();
    throw error;
  }
  return { kind: "reached", db, connection, leave };
}

/** Other commands may have joined the database that this one is about to stop. */
async function othersLeft(db: Database): Promise<void> {
  await becomesTrue(async () => (await countOtherConnections(db)) === 0, OTHERS_LEAVE_WITHIN_MS);
}
