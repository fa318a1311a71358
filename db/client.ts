import { drizzle, type PostgresJsDatabase } from "drizzle-orm/postgres-js";
import postgres, { type Options, type Sql } from "postgres";
import { createGate, type Gate, type GateUse } from "./gate.ts";
import * as schema from "./schema.ts";

/** A database to talk to: the pool itself, or a transaction on it. */
export type Database = PostgresJsDatabase<typeof schema> & { $client: Sql };
export type Transaction = Parameters<Parameters<Database["transaction"]>[0]>[0];
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
/** Shorter than what a client waits; what has not begun by then is refused and may safely be tried again. */
const WAIT_FOR_CONNECTION_MS = 8_000;

const gates = new WeakMap<Database, Gate>();

/** How many of a pool's connections are taken, and how much waits for one. */
export function poolUse(db: Database): GateUse {
  return gates.get(db)?.use() ?? { size: 0, inUse: 0, waiting: 0, refused: 0 };
}

/**
 * Opens a pool lazily: nothing connects before the first query. `close` lets running queries finish.
 *
 * A statement or transaction that finds no free connection in time fails with `PoolExhausted` and was never sent.
 */
export function openDatabase(connection: Connection, pool: PoolOptions) {
  const options: Options<Record<string, never>> = {
    max: pool.maxConnections,
    prepare: pool.prepare,
    connect_timeout: CONNECT_TIMEOUT_SECONDS,
    backoff: () => RECONNECT_AFTER_SECONDS,
    onnotice: () => {},
    connection: {
      application_name: "keyturn",
      ...(pool.prepare && {
        statement_timeout: STATEMENT_TIMEOUT_MS,
        idle_in_transaction_session_timeout: STATEMENT_TIMEOUT_MS,
      }),
    },
  };
  const client =
    typeof connection === "string"
      ? postgres(connection, options)
      : postgres({ ...connection, ssl: false, ...options });
  const gate = createGate(pool.maxConnections, WAIT_FOR_CONNECTION_MS);
  const db: Database = drizzle(behind(gate, client), { schema });
  gates.set(db, gate);
  return { db, close: () => client.end({ timeout: 5 }) };
}

/**
 * The same client for Drizzle, which sends everything by `unsafe` and `begin`: of these, one at a time to a
 * connection. Without it, postgres.js queues without end.
 */
function behind(gate: Gate, client: Sql): Sql {
  const unsafe = (...args: Parameters<Sql["unsafe"]>) => {
    const query = client.unsafe(...args);
    return {
      values: () => gate.pass(() => query.values()),
      // biome-ignore lint/suspicious/noThenProperty: like what it stands for, it is sent when it is awaited
      then: (...settle: Parameters<typeof query.then>) => gate.pass(() => query).then(...settle),
    };
  };
  const begin = (...args: [never]) => gate.pass(() => client.begin(...args));
  const tagged = (...args: [never]) => client(...args);
  return Object.assign(tagged as unknown as Sql, client, { unsafe, begin });
}

/** No database is to be found where the settings point. */
export class DatabaseAway extends Error {
  readonly code = "CONNECTION_MISSING";
}

/**
 * SQLSTATEs and driver codes that mean "not now": the database cannot be reached, lets nobody in (28, 3D000, 55000), is
 * shutting down, is out of room (53), or what was to be done took too long (57014, 55P03) or crossed somebody else's (40001, 40P01) and was undone.
 */
const AWAY = /^(08...|28...|3D000|40001|40P01|53...|55000|55P03|57014|57P0[1-3]|CONNECT.*)$/;

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
