import { readFile, rename, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import postgres from "postgres";
import { randomToken } from "../../lib/base/crypto.ts";
import type { Places } from "./places.ts";

export type EmbeddedConnection = {
  host: string;
  port: number;
  user: string;
  password: string;
  database: string;
};

const LOOPBACK = "127.0.0.1";
const SOCKET_PORT = 5432;
/** unix(7): 107 bytes on Linux, 103 on macOS. */
const SOCKET_PATH_MAX_BYTES = 103;
const CONNECT_TIMEOUT_SECONDS = 5;
/** What a server that is not there yet, or not ready yet, answers. */
const NOT_YET = /^(ECONN.*|ENOENT|EPIPE|CONNECT_TIMEOUT|CONNECTION_.*|57P03)$/;

/** A socket beside the data, or a free loopback port where its path is too long or would be misread as a list. */
export async function chooseAddress({ root }: Places): Promise<{ host: string; port: number }> {
  const socket = `${root}/.s.PGSQL.${SOCKET_PORT}`;
  const usable = Buffer.byteLength(socket) <= SOCKET_PATH_MAX_BYTES && !/[,"]/.test(root);
  if (usable && process.platform !== "win32") return { host: root, port: SOCKET_PORT };
  return { host: LOOPBACK, port: await freePort() };
}

/** PostgreSQL's settings that make it listen there and on nothing else. */
export function listenSettings({ host, port }: EmbeddedConnection): Record<string, string> {
  const loopback = host === LOOPBACK;
  return {
    listen_addresses: loopback ? LOOPBACK : "",
    unix_socket_directories: loopback ? "" : `"${host}"`,
    port: String(port),
  };
}

/** The connection that was kept in the folder, or null when there is none. */
export async function readFacts({ facts }: Places): Promise<EmbeddedConnection | null> {
  const text = await readFile(facts, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error;
    return null;
  });
  return text === null ? null : JSON.parse(text);
}

/** Keeps the connection in the folder, on the disk when this returns, readable by its owner only. */
export async function writeFacts({ facts }: Places, connection: EmbeddedConnection): Promise<void> {
  const text = JSON.stringify(connection);
  if ((await readFile(facts, "utf8").catch(() => null)) === text) return;
  const draft = `${facts}.${randomToken(9)}`;
  await writeFile(draft, text, { mode: 0o600, flush: true });
  await rename(draft, facts);
}

/** Whether the database takes this connection now. Throws when it refuses it for good. */
export async function answers(connection: EmbeddedConnection): Promise<boolean> {
  const sql = postgres({
    ...connection,
    ssl: false,
    max: 1,
    connect_timeout: CONNECT_TIMEOUT_SECONDS,
    fetch_types: false,
  });
  try {
    await sql`select 1`;
    return true;
  } catch (error) {
    if (NOT_YET.test(String((error as { code?: string }).code))) return false;
    throw error;
  } finally {
    await sql.end({ timeout: 0 });
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen(0, LOOPBACK, () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
