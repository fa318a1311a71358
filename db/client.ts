import { drizzle, type PostgresJsDatabase } from "drizzle-orm/postgres-js";
import postgres, { type Options, type Sql, type TransactionSql } from "postgres";
import { type Connections, createConnections } from "./connections.ts";
import { createGate, type Gate, type GateUse } from "./gate.ts";
import { splitHosts } from "./hosts.ts";
import { answered, beginPatiently, type Patience } from "./patience.ts";
import * as schema from "./schema.ts";
import { findTakingWrites } from "./takes-writes.ts";

/** A database to talk to: the pool itself, or a transaction on it. */
export type Database = PostgresJsDatabase<typeof schema> & { $client: Sql };
export type Transaction = Parameters<Parameters<Database["transaction"]>[0]>[0];
export type Executor = Database | Transaction;

/** Where the database is: a URL, which may name several hosts, or the facts of the embedded one (a socket folder counts as `host`). */
export type Connection =
  | string
  | { host: string; port: number; user: string; password: string; database: string };

export type PoolOptions = {
  /** Connections this process keeps at most. */
  maxConnections: number;
  /** Off behind a pooler in transaction mode (PgBouncer), which also refuses a timeout of ours at connecting. */
  prepare: boolean;
  /** Gives a connection up on which a statement stays without an answer longer than any may take. */
  expectAnswers?: boolean;
};

const CONNECT_TIMEOUT_SECONDS = 5;
const STATEMENT_TIMEOUT_MS = 10_000;
/**
 * By when the server notices that we have vanished without a word, and drops the locks of what we had begun. Its time
 * limits don't end a transaction that waits for the rest of a statement, and its own patience is two hours.
 */
const VANISHED = {
  tcp_keepalives_idle: 10,
  tcp_keepalives_interval: 5,
  tcp_keepalives_count: 2,
  tcp_user_timeout: 20_000,
};
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
 * A statement or transaction that finds no free connection in time fails with `PoolExhausted` and was never sent. One
 * whose connection breaks or stays silent fails too, is never sent again, and may have been done.
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
        ...(typeof connection === "string" && VANISHED),
      }),
    },
  };
  const connections =
    typeof connection === "string"
      ? createConnections({
          places: splitHosts(connection) ?? [connection],
          open: (url) => postgres(url, options),
          find: findTakingWrites,
        })
      : createConnections({
          places: [connection],
          open: (embedded) => postgres({ ...embedded, ssl: false, ...options }),
          find: async ([only]) => only,
        });
  const patience = { limitMs: pool.expectAnswers ? STATEMENT_TIMEOUT_MS : null };
  const gate = createGate(pool.maxConnections, WAIT_FOR_CONNECTION_MS);
  const db: Database = drizzle(behind(gate, connections, patience), { schema });
  gates.set(db, gate);
  return { db, close: connections.close };
}

/**
 * The same client for Drizzle, which sends everything by `unsafe` and `begin`: of these, one at a time to a
 * connection. Without it, postgres.js queues without end.
 */
function behind(gate: Gate, connections: Connections, patience: Patience): Sql {
  const pass = <Result>(work: (client: Sql) => PromiseLike<Result>) =>
    gate.pass(async () => {
      const client = connections.current();
      try {
        return await work(client);
      } catch (error) {
        const fault = databaseFault(error);
        if (fault) connections.giveUpAfter(client, fault.code);
        throw error;
      }
    });
  const unsafe = (...args: Parameters<Sql["unsafe"]>) => {
    const send = (client: Sql) => client.unsafe(...args);
    return {
      values: () => pass((client) => answered(patience, send(client).values())),
      // biome-ignore lint/suspicious/noThenProperty: like what it stands for, it is sent when it is awaited
      then: (...settle: [never]) => pass((client) => answered(patience, send(client))).then(...settle),
    };
  };
  const begin = (work: (transaction: TransactionSql) => Promise<unknown>) =>
    pass((client) => beginPatiently(client, patience, work));
  const tagged = (...args: [never]) => connections.current()(...args);
  return Object.assign(tagged as unknown as Sql, connections.current(), { unsafe, begin });
}

/** No database is to be found where the settings point. */
export class DatabaseAway extends Error {
  readonly code = "CONNECTION_MISSING";
}

/**
 * SQLSTATEs and driver codes that mean "not now": the database cannot be reached, lets nobody in (28, 3D000, 55000),
 * takes no writes (25006), is shutting down, is out of room (53), did not answer (CONNECTION_SILENT), or what was to be done
 * took too long (57014, 55P03) or crossed somebody else's (40001, 40P01) and was undone.
 */
const AWAY = /^(08...|28...|3D000|40001|40P01|53...|25006|55000|55P03|57014|57P0[1-3]|CONNECT.*)$/;

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
