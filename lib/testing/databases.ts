import { type Connection, openDatabase } from "@/db/client.ts";
import { randomUUID } from "@/lib/base/crypto.ts";

export const TEMPLATE_DATABASE = "keyturn_template";

/** The same server, another database on it. */
export function onDatabase(server: Connection, database: string): Connection {
  if (typeof server !== "string") return { ...server, database };
  const url = new URL(server);
  url.pathname = `/${database}`;
  return url.href;
}

/** Runs statements that belong to the server as a whole, such as `create database`. */
export async function administer(server: Connection, statements: string[]): Promise<void> {
  const { db, close } = openDatabase(server, { maxConnections: 1, prepare: false });
  for (const statement of statements) await db.$client.unsafe(statement);
  await close();
}

export type OwnDatabase = { connection: Connection; drop(): Promise<void> };

/** A migrated database of its own, gone after `drop`. */
export function createDatabase(server: Connection): Promise<OwnDatabase> {
  return copyDatabase(server, TEMPLATE_DATABASE);
}

/** A database of its own that no migration has seen. */
export function createBareDatabase(server: Connection): Promise<OwnDatabase> {
  return copyDatabase(server, "template1");
}

async function copyDatabase(server: Connection, template: string): Promise<OwnDatabase> {
  const name = `keyturn_${randomUUID().replaceAll("-", "")}`;
  await administer(server, [`create database ${name} template ${template}`]);
  return {
    connection: onDatabase(server, name),
    drop: () => administer(server, [`drop database ${name} with (force)`]),
  };
}
