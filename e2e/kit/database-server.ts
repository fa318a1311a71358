import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openDatabase } from "@/db/client.ts";
import { startEmbeddedDatabase } from "@/db/embedded.ts";
import { randomUUID } from "@/lib/base/crypto.ts";
import { administer, onDatabase } from "@/lib/testing/databases.ts";

/** What the tests' workers are told: the server, and how the names of this run's databases begin. */
const SERVER = "KEYTURN_E2E_SERVER";
const PREFIX = "KEYTURN_E2E_PREFIX";

/** Runs one PostgreSQL for all tests unless TEST_DATABASE_URL names one. Returns what ends it, or cleans it up. */
export async function shareDatabaseServer(): Promise<() => Promise<void>> {
  const given = process.env.TEST_DATABASE_URL;
  const prefix = `keyturn_e2e_${randomUUID().slice(0, 8)}_`;
  const { url, stop } = given
    ? { url: given, stop: () => dropDatabases(given, prefix) }
    : await startDatabaseServer();
  Object.assign(process.env, { [SERVER]: url, [PREFIX]: prefix });
  return stop;
}

/** An empty database of its own on the shared PostgreSQL, as a DATABASE_URL. */
export async function createDatabaseUrl(): Promise<string> {
  const { [SERVER]: server = "", [PREFIX]: prefix = "" } = process.env;
  const name = prefix + randomUUID().replaceAll("-", "");
  await administer(server, [`create database "${name}"`]);
  return String(onDatabase(server, name));
}

/** The comma in the folder's name makes the embedded PostgreSQL listen where a URL can say it, on a loopback port. */
async function startDatabaseServer(): Promise<{ url: string; stop(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), "keyturn,e2e-"));
  const database = await startEmbeddedDatabase(folder);
  if (database.kind !== "started") throw new Error(`no database for the tests: ${JSON.stringify(database)}`);
  const { host, port, user, password } = database.connection;
  const stop = async () => {
    await database.stop();
    await rm(folder, { recursive: true, force: true });
  };
  return { url: `postgres://${user}:${password}@${host}:${port}/keyturn`, stop };
}

async function dropDatabases(server: string, prefix: string): Promise<void> {
  const { db, close } = openDatabase(server, { maxConnections: 1, prepare: false });
  const made = await db.$client<{ name: string }[]>`
    select datname as name from pg_database where starts_with(datname, ${prefix})`;
  await close();
  await administer(
    server,
    made.map(({ name }) => `drop database "${name}" with (force)`),
  );
}
