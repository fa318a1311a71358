import { databaseFault } from "@/db/client.ts";
import { startEmbeddedDatabase } from "@/db/embedded.ts";
import { migrateDatabase } from "@/db/migrate.ts";
import { findConnection } from "@/lib/app/running-app.ts";
import type { Settings } from "@/lib/settings/env.ts";

export type StartedDatabase =
  | { kind: "started"; stop(): Promise<void>; died: Promise<string> }
  | { kind: "refused"; line: string };

/**
 * Makes the database ready: starts the embedded one where the settings name none, then brings the schema up to date.
 * A folder that another Keyturn is using is left alone.
 */
export async function startDatabase(settings: Settings): Promise<StartedDatabase> {
  const database = settings.DATABASE_URL === undefined ? await startEmbedded(settings.DATA_FOLDER) : external;
  if (database.kind === "refused") return database;
  try {
    await migrateDatabase(await findConnection(settings));
    return database;
  } catch (error) {
    await database.stop();
    return { kind: "refused", line: complaint(error) };
  }
}

const external: StartedDatabase = { kind: "started", stop: async () => {}, died: new Promise(() => {}) };

async function startEmbedded(folder: string): Promise<StartedDatabase> {
  const database = await startEmbeddedDatabase(folder);
  switch (database.kind) {
    case "started":
      return database;
    case "already-running":
      return {
        kind: "refused",
        line: `Keyturn already runs on ${folder} (process ${database.ownerPid}); it is left alone.`,
      };
    case "unsupported":
      return { kind: "refused", line: database.reason };
  }
}

/** In the database's own words: at a start there are no parameters in them. Anything else is a bug and is thrown. */
function complaint(error: unknown): string {
  const fault = databaseFault(error);
  let cause = error;
  while (cause instanceof Error && cause.cause) cause = cause.cause;
  if (!fault || !(cause instanceof Error)) throw error;
  const what = fault.away ? "cannot be reached" : "cannot be brought up to date";
  return `The database ${what}: ${cause.message || fault.code}.`;
}
