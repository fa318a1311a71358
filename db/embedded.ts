import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { makeFolder } from "@/lib/base/make-folder.ts";
import { findBinaries } from "./embedded/binaries.ts";
import { ensureCluster } from "./embedded/cluster.ts";
import { answers, type EmbeddedConnection, readFacts } from "./embedded/connection.ts";
import { liveOwner, takeLock } from "./embedded/lock.ts";
import { endOrphan } from "./embedded/orphan.ts";
import { type Places, placesIn } from "./embedded/places.ts";
import { launch } from "./embedded/postmaster.ts";
import { becomesTrue } from "./embedded/process.ts";
import { findWay, giveTo } from "./embedded/way.ts";

export type { EmbeddedConnection };

export type StartResult =
  | {
      kind: "started";
      connection: EmbeddedConnection;
      /** Resolves with one line if PostgreSQL ends without `stop` having been called; otherwise never. */
      died: Promise<string>;
      stop(): Promise<void>;
    }
  | { kind: "already-running"; ownerPid: number }
  | { kind: "unsupported"; reason: string };

/** What the system says of a folder in which nothing can be written. */
const REFUSALS = ["EACCES", "EPERM", "EROFS", "ENOENT", "ENOTDIR"];

const JOIN_TIMEOUT_MS = 30_000;

/**
 * Runs PostgreSQL on the data in `folder`, which is made on first use, and answers once it accepts connections.
 *
 * 1. Another live process owns the folder: nothing is touched, `already-running`.
 * 2. This machine cannot run the bundled PostgreSQL: `unsupported`, with one line that says why.
 * 3. An earlier owner was killed: the PostgreSQL it left behind is shut down first, and no row is lost.
 *
 * Throws when PostgreSQL itself refuses to start, with the last words of its log.
 */
export async function startEmbeddedDatabase(folder: string): Promise<StartResult> {
  const places = placesIn(resolve(folder));
  const native = findBinaries();
  if (native === null)
    return unsupported(`no PostgreSQL is installed for ${process.platform} ${process.arch}`);
  const lock = await lockFolder(places);
  if (lock.kind === "owned") return { kind: "already-running", ownerPid: lock.ownerPid };
  if (lock.kind === "refused") return unsupported(lock.reason);
  try {
    const result = await startOwned(places, native, lock.release);
    if (result.kind === "unsupported") await lock.release();
    return result;
  } catch (error) {
    await lock.release();
    throw error;
  }
}

/**
 * The connection to the database that a live process runs on `folder`, or null when nobody does.
 * An owner that is still starting is waited for.
 */
export async function joinEmbeddedDatabase(folder: string): Promise<EmbeddedConnection | null> {
  const places = placesIn(resolve(folder));
  let connection: EmbeddedConnection | null = null;
  const settled = await becomesTrue(async () => {
    const owned = (await liveOwner(places.lock)) !== null;
    connection = owned ? await readFacts(places) : null;
    return !owned || (connection !== null && (await answers(connection)));
  }, JOIN_TIMEOUT_MS);
  return settled ? connection : null;
}

/** Whether a database was ever made in `folder`. */
export function hasEmbeddedDatabase(folder: string): boolean {
  return existsSync(placesIn(resolve(folder)).data);
}

async function lockFolder(places: Places) {
  try {
    makeFolder(places.folder);
    makeFolder(places.root, 0o700);
    return await takeLock(places.lock);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined || !REFUSALS.includes(code)) throw error;
    return { kind: "refused" as const, reason: `${places.folder} cannot be written (${code})` };
  }
}

async function startOwned(
  places: Places,
  native: string,
  release: () => Promise<void>,
): Promise<StartResult> {
  const found = await findWay(native, places);
  if (found.kind === "none") return unsupported(found.reason);
  await endOrphan(found.way, places);
  await giveTo(found.way, places.root);
  const connection = await ensureCluster(found.way, places);
  const postmaster = await launch(found.way, places, connection);
  let stopped: Promise<void> | undefined;
  const stop = () => {
    stopped ??= postmaster.stop().then(release);
    return stopped;
  };
  return { kind: "started", connection, died: postmaster.died, stop };
}

function unsupported(reason: string): StartResult {
  return { kind: "unsupported", reason: `${reason}; set DATABASE_URL to use a database of your own` };
}
