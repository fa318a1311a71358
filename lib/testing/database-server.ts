import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import type { Connection } from "@/db/client.ts";
import { startEmbeddedDatabase } from "@/db/embedded.ts";
import { migrateDatabase } from "@/db/migrate.ts";
import { administer, onDatabase, TEMPLATE_DATABASE } from "./databases.ts";

declare module "vitest" {
  interface ProvidedContext {
    server: Connection;
  }
}

/**
 * One real PostgreSQL for all database tests: the one TEST_DATABASE_URL names, else the embedded one in a folder of
 * its own. A migrated template makes each test file's own database a matter of milliseconds.
 */
export default async function setup(project: TestProject) {
  const { connection, stop } = await startServer();
  await administer(connection, [
    `drop database if exists ${TEMPLATE_DATABASE} with (force)`,
    `create database ${TEMPLATE_DATABASE}`,
  ]);
  await migrateDatabase(onDatabase(connection, TEMPLATE_DATABASE));
  project.provide("server", connection);
  return stop;
}

async function startServer(): Promise<{ connection: Connection; stop(): Promise<void> }> {
  const given = process.env.TEST_DATABASE_URL;
  if (given) return { connection: given, stop: async () => {} };
  const folder = await mkdtemp(join(tmpdir(), "keyturn-test-"));
  const database = await startEmbeddedDatabase(folder);
  if (database.kind !== "started") throw new Error(`no database for the tests: ${JSON.stringify(database)}`);
  return {
    connection: database.connection,
    async stop() {
      await database.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
