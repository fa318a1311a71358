import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEmbeddedDatabase } from "@/db/embedded.ts";
import { randomToken } from "@/lib/crypto.ts";
import { administer, onDatabase } from "@/lib/testing/databases.ts";

const SHARED = "KEYTURN_E2E_DATABASE_SERVER";

/** Runs one PostgreSQL for all tests unless TEST_DATABASE_URL names one. Returns what ends it. */
export async function shareDatabaseServer(): Promise<() => Promise<void>> {
  const given = process.env.TEST_DATABASE_URL;
  const { url, stop } = given ? { url: given, stop: async () => {} } : await startDatabaseServer();
  process.env[SHARED] = url;
  return stop;
}

/** An empty database of its own on the shared PostgreSQL, as a DATABASE_URL. */
export async function createDatabaseUrl(): Promise<string> {
  const server = process.env[SHARED] ?? "";
  const name = `keyturn_e2e_${randomToken(9).toLowerCase().replaceAll("-", "_")}`;
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
