import { type Connection, openDatabase } from "@/db/client.ts";
import { answerBench } from "../kit/child.ts";
import type { RotateStatement } from "../kit/statements.ts";
import { type Round, summarize } from "../kit/statistics.ts";

/**
 * What postgres.js alone reaches: chains that rotate their sessions by the app's own statement, prepared, through the
 * app's own pool options, with nothing around it.
 */
export type Order =
  | {
      kind: "open";
      connection: Connection;
      pool: number;
      statement: RotateStatement;
      sessions: { id: string; userId: string }[];
    }
  | { kind: "run"; milliseconds: number };

let open: { order: Order & { kind: "open" }; sql: ReturnType<typeof openDatabase>["db"]["$client"] };
let generations: number[];

answerBench(async (order: Order): Promise<Round | null> => {
  if (order.kind === "run") return run(order.milliseconds);
  const { db } = openDatabase(order.connection, { maxConnections: order.pool, prepare: true });
  open = { order, sql: db.$client };
  generations = order.sessions.map(() => 1);
  return null;
});

async function run(milliseconds: number): Promise<Round> {
  const latenciesMs: number[] = [];
  const startMs = performance.now();
  async function follow(chain: number): Promise<void> {
    while (performance.now() - startMs < milliseconds) {
      const sentMs = performance.now();
      await rotate(chain);
      latenciesMs.push(performance.now() - sentMs);
    }
  }
  await Promise.all(generations.map((_generation, chain) => follow(chain)));
  return summarize(latenciesMs, performance.now() - startMs);
}

async function rotate(chain: number): Promise<void> {
  const { statement, sessions } = open.order;
  const parameters = [...statement.parameters];
  parameters[statement.idAt] = sessions[chain]?.id;
  parameters[statement.userIdAt] = sessions[chain]?.userId;
  parameters[statement.generationAt] = generations[chain];
  const rows = await open.sql.unsafe(statement.text, parameters as never[], { prepare: true }).values();
  if (rows.length !== 1) throw new Error("a rotation turned nothing");
  generations[chain] = (generations[chain] ?? 0) + 1;
}
