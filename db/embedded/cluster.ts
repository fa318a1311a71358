import { chown, open, readdir, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { randomToken } from "../../lib/base/crypto.ts";
import { chooseAddress, type EmbeddedConnection, readFacts, writeFacts } from "./connection.ts";
import type { Places } from "./places.ts";
import { run, type Way } from "./way.ts";

const INITDB = [
  "--username=keyturn",
  "--auth=scram-sha-256",
  "--encoding=UTF8",
  "--locale=C",
  "--locale-provider=builtin",
  "--builtin-locale=C.UTF-8",
  "--no-instructions",
];

/** Again and again, because the initdb of a starter that was killed may still be writing there. */
const REMOVE = { recursive: true, force: true, maxRetries: 20, retryDelay: 20 };

/**
 * Makes the cluster with its database unless it is there, and returns how to connect to it.
 * It is made under another name and renamed when complete, so a start that was killed leaves only a draft.
 */
export async function ensureCluster(way: Way, places: Places): Promise<EmbeddedConnection> {
  const inside = await readdir(places.root);
  const exists = inside.includes(basename(places.data));
  const password = exists ? await keptPassword(places) : randomToken(24);
  const connection = { ...(await chooseAddress(places)), user: "keyturn", password, database: "keyturn" };
  if (!exists) {
    const drafts = inside.filter((name) => name.startsWith("draft-"));
    await Promise.all(drafts.map((draft) => rm(join(places.root, draft), REMOVE)));
    await make(way, places, connection);
  }
  await writeFacts(places, connection);
  return connection;
}

async function keptPassword(places: Places): Promise<string> {
  const kept = await readFacts(places);
  if (kept === null) throw new Error(`${places.facts} is missing: it holds the password of ${places.data}`);
  return kept.password;
}

/** The password is on the disk before the cluster has its name, so none is ever without. */
async function make(way: Way, places: Places, connection: EmbeddedConnection): Promise<void> {
  const draft = join(places.root, `draft-${randomToken(9)}`);
  await initialize(way, draft, connection.password);
  await must(way, "postgres", ["--single", "-D", draft, "postgres"], draft, "create database keyturn\n");
  await writeFacts(places, connection);
  await rename(draft, places.data);
  await syncFolder(places.root);
}

async function initialize(way: Way, draft: string, password: string): Promise<void> {
  const passwordFile = `${draft}-password`;
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (way.owner) await chown(passwordFile, way.owner.uid, way.owner.gid);
  try {
    await must(way, "initdb", [...INITDB, `--pwfile=${passwordFile}`, "-D", draft], dirname(draft));
  } finally {
    await rm(passwordFile, { force: true });
  }
}

async function must(way: Way, program: string, args: string[], cwd: string, input?: string): Promise<void> {
  const { code, complaint } = await run(way, program, args, cwd, input);
  if (code !== 0) throw new Error(`${program} failed: ${complaint}`);
}

/** Makes the rename outlast a power failure; Windows cannot open a folder and does not need to. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === "win32") return;
  const handle = await open(folder);
  await handle.sync().finally(() => handle.close());
}
