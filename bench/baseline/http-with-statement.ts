import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type Connection, openDatabase } from "@/db/client.ts";
import { answerBench } from "../kit/child.ts";
import type { RotateStatement } from "../kit/statements.ts";

/**
 * A plain `node:http` server that reads a request, rotates its one session by the app's own statement through
 * postgres.js, and answers so many bytes: the least that a refresh over HTTP can be. Replies with its port.
 */
export type Order = {
  connection: Connection;
  pool: number;
  statement: RotateStatement;
  session: { id: string; userId: string };
  bodyBytes: number;
};

answerBench(async ({ connection, pool, statement, session, bodyBytes }: Order): Promise<number> => {
  const sql = openDatabase(connection, { maxConnections: pool, prepare: true }).db.$client;
  const body = "x".repeat(bodyBytes);
  let generation = 0;

  async function rotate(): Promise<number> {
    generation += 1;
    const parameters = [...statement.parameters];
    parameters[statement.idAt] = session.id;
    parameters[statement.userIdAt] = session.userId;
    parameters[statement.generationAt] = generation;
    const rows = await sql.unsafe(statement.text, parameters as never[], { prepare: true }).values();
    return rows.length === 1 ? 200 : 500;
  }

  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
    incoming.on("end", async () => {
      outgoing.writeHead(await rotate(), {
        "content-type": "application/json",
        "content-length": bodyBytes,
      });
      outgoing.end(body);
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
});
