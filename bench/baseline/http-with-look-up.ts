import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type Connection, openDatabase } from "@/db/client.ts";
import { answerBench } from "../kit/child.ts";
import type { Sent } from "../kit/statements.ts";

/**
 * A plain `node:http` server that looks up a session by the app's own statement through postgres.js, one statement a
 * request, and answers so many bytes: the least that a logged-in call can be. Replies with its port.
 */
export type Order = { connection: Connection; pool: number; lookUp: Sent; bodyBytes: number };

answerBench(async ({ connection, pool, lookUp, bodyBytes }: Order): Promise<number> => {
  const sql = openDatabase(connection, { maxConnections: pool, prepare: true }).db.$client;
  const body = "x".repeat(bodyBytes);
  const parameters = lookUp.parameters as never[];
  const server = createServer(async (_incoming, outgoing) => {
    const rows = await sql.unsafe(lookUp.text, parameters, { prepare: true }).values();
    const status = rows.length === 1 ? 200 : 500;
    outgoing.writeHead(status, { "content-type": "application/json", "content-length": bodyBytes });
    outgoing.end(body);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
});
