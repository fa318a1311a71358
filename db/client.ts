import { drizzle, type PostgresJsDatabase } from "drizzle-orm/postgres-js";
import postgres, { type Options, type Sql } from "postgres";
import * as schema from "./schema.ts";

/** A database to talk to: the pool itself, or a transaction on it. */
export type Database = PostgresJsDatabase<typeof schema> & { $client: Sql };
type Transaction = Parameters<Parameters<Database["transaction"]>[0]>[0];
export type Executor = Database | Transaction;

/** Where the database is: a URL, or the facts of the embedded one (a socket folder counts as `host`). */
export type Connection =
  | string
  | { host: string; port: number; user: string; password: string; database: string };

export type PoolOptions = {
  /** Connections this process keeps at most. */
  maxConnections: number;
  /** Off behind a pooler in transaction mode (PgBouncer), which also refuses a timeout of ours at connecting. */
  prepare: boolean;
};

const CONNECT_TIMEOUT_SECONDS = 5;
const STATEMENT_TIMEOUT_MS = 10_000;
const RECONNECT_AFTER_SECONDS = 0.25;

/** Opens a pool lazily: nothing connects before the first query. `close` lets running queries finish. */
export function openDatabase(connection: Connection, pool: PoolOptions) {
  const options: Options<Record<string, never>> = {
    max: pool.maxConnections,
    prepare: pool.prepare,
    connect_timeout: CONNECT_TIMEOUT_SECONDS,
    backoff: () => RECONNECT_AFTER_SECONDS,
    onnotice: () => {},
    connection: {
      application_name: "keyturn",
      ...(pool.prepare && { statement_timeout: STATEMENT_TIMEOUT_MS }),
    },
  };
  const client =
    typeof connection === "string"
      ? postgres(connection, options)
      : postgres({ ...connection, ssl: false, ...options });
  const db: Database = drizzle(client, { schema });
  return { db, close: () => client.end({ timeout: 5 }) };
}

/** No database is to be found where the settings point. */
export class DatabaseAway extends Error {
  readonly code = "CONNECTION_MISSING";
}

/** SQLSTATEs and driver codes that mean "the database cannot be reached or is shutting down". */
const AWAY = /^(08...|57P0[1-3]|53300|CONNECT.*)$/;

/**
 * The SQLSTATE or driver code of a failed query, and whether the database was away. Null for any other error.
 * The error itself must not be logged: its message holds the query's parameters.
 */
export function databaseFault(error: unknown): { code: string; away: boolean } | null {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const { code, syscall } = cause as { code?: unknown; syscall?: unknown };
    if (typeof code !== "string") continue;
    const lostSocket = syscall === "connect" || syscall === "read" || syscall === "write";
    if (lostSocket) return { code, away: true };
    if (cause.name === "PostgresError" || code.startsWith("CONNECT")) return { code, away: AWAY.test(code) };
  }
  return null;
}
