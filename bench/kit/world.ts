import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Connection, openDatabase } from "@/db/client.ts";
import { joinEmbeddedDatabase } from "@/db/embedded.ts";
import { type App, createApp } from "@/lib/app/app.ts";
import { systemClock } from "@/lib/base/clock.ts";
import { randomToken } from "@/lib/base/crypto.ts";
import { parseSettings } from "@/lib/settings/env.ts";
import { administer, onDatabase } from "@/lib/testing/databases.ts";
import { root } from "./child.ts";

/** Keyturn as `npm start` runs it, on a database of its own. */
export type World = {
  pid: number;
  port: number;
  connection: Connection;
  /** The same app in this process, with one connection: to fill tables, sign tokens and call verbs. */
  app: App;
};

/** The PostgreSQL servers that worlds ran on. */
export const databasesUsed = new Set<string>();

const READY = "Keyturn is ready";
const server = process.env.TEST_DATABASE_URL;

/**
 * Starts Keyturn in production mode for as long as `use` takes: on a new database of the server that
 * TEST_DATABASE_URL names, else on the embedded PostgreSQL in a new folder.
 *
 * With BENCH_PROFILE, a folder, Node leaves a processor profile of the server there.
 */
export async function withWorld<Result>(
  use: (world: World) => Promise<Result>,
  extra: Record<string, string> = {},
): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), "keyturn-bench-"));
  const database = `keyturn_bench_${randomToken(9).replace(/\W/g, "").toLowerCase()}`;
  if (server) await administer(server, [`create database ${database}`]);
  const variables = { ...(await settingsFor(folder, server && onDatabase(server, database))), ...extra };
  const child = startServer(variables);
  try {
    await ready(child);
    const connection = (await (server ? onDatabase(server, database) : joinEmbeddedDatabase(folder))) ?? "";
    const { db, close } = openDatabase(connection, { maxConnections: 1, prepare: true });
    const parsed = parseSettings(variables);
    if (parsed.kind === "faulty") throw new Error(parsed.faults.join("\n"));
    const [version] = await db.$client<{ server_version: string }[]>`show server_version`;
    databasesUsed.add(`PostgreSQL ${version?.server_version}, ${server ? "TEST_DATABASE_URL" : "embedded"}`);
    const app = await createApp(parsed.settings, variables.SECRET_KEY, { db, clock: systemClock });
    const world = { pid: child.pid ?? 0, port: Number(variables.PORT), connection, app };
    return await use(world).finally(close);
  } finally {
    await stop(child);
    if (server) await administer(server, [`drop database ${database} with (force)`]);
    await rm(folder, { recursive: true, force: true });
  }
}

async function settingsFor(folder: string, database: Connection | undefined) {
  const port = await freePort();
  return {
    PORT: String(port),
    APP_URL: `http://127.0.0.1:${port}`,
    DATABASE_URL: typeof database === "string" ? database : "",
    DATA_FOLDER: folder,
    SECRET_KEY: randomToken(48),
    ALGORITHM: "HS256",
    WEB_CONCURRENCY: "1",
  };
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0);
  await once(probe, "listening");
  const { port } = probe.address() as AddressInfo;
  probe.close();
  return port;
}

function startServer(variables: Record<string, string>): ChildProcess {
  const folder = process.env.BENCH_PROFILE;
  const profile = folder ? ["--cpu-prof", "--cpu-prof-dir", folder] : [];
  return spawn(process.execPath, [...profile, "--enable-source-maps", "run.js", "server.ts"], {
    cwd: root,
    env: { ...process.env, ...variables },
    stdio: ["ignore", "pipe", "pipe"],
  });
}

/** Resolves when the server takes requests, and fails with its last words if it ends before. */
function ready(child: ChildProcess): Promise<void> {
  let said = "";
  return new Promise((resolve, reject) => {
    const hear = (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-4_000);
      if (said.includes(READY)) resolve();
    };
    child.stdout?.on("data", hear);
    child.stderr?.on("data", hear);
    child.once("exit", (code) => reject(new Error(`the server ended (${code}): ${said.trim().slice(-250)}`)));
  });
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  await ended;
}
