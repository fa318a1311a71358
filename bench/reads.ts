import type { Order } from "./baseline/http-empty.ts";
import { repeat } from "./kit/chains.ts";
import { startBaseline } from "./kit/child.ts";
import { requestText } from "./kit/keep-alive.ts";
import { ask, load } from "./kit/load.ts";
import { withProcessorTime } from "./kit/processor-time.ts";
import { type Findings, loadRows, percent } from "./kit/report.ts";
import { addPeople, addSessions, pickHolders, settle } from "./kit/seed.ts";
import { alternate, median } from "./kit/statistics.ts";
import { type World, withWorld } from "./kit/world.ts";

const CONNECTIONS = 16;
const ROUNDS = 9;
const ROUND_MS = 1_000;

/**
 * What every logged-in call costs, over 16 connections: at least half of what `node:http` reaches with an empty answer
 * of the same size to the same request.
 *
 * 1. `GET /api/me`, with the look-up of its session
 * 2. `POST /api/token/verify` of an access token
 */
export function measureReads(): Promise<Findings> {
  return withWorld(async (world) => {
    await addPeople(world.app, "reader", 1_000);
    await addSessions(world.app, "reader", 1);
    await settle(world.app);
    const holders = await pickHolders(world.app, "reader", CONNECTIONS);
    const me = await besideEmpty(
      world,
      "GET /api/me",
      holders.map(({ access }) => requestText("GET", "/api/me", { authorization: `Bearer ${access}` })),
    );
    const verify = await besideEmpty(
      world,
      "POST /api/token/verify",
      holders.map(({ access }) => requestText("POST", "/api/token/verify", {}, `{"token":"${access}"}`)),
    );
    return { rows: [...me.rows, ...verify.rows], notes: [...me.notes, ...verify.notes] };
  });
}

async function besideEmpty(world: World, what: string, requests: string[]): Promise<Findings> {
  const empty = startBaseline<Order, number>("http-empty.ts");
  const { body } = await ask(world.port, requests[0] ?? "");
  const emptyPort = await empty.ask({ bodyBytes: body.length });
  const chains = requests.map(repeat);
  const extent = { milliseconds: ROUND_MS };
  const { keyturn, node } = await alternate(ROUNDS, {
    node: () => withProcessorTime(empty.pid, () => load(emptyPort, chains, extent)),
    keyturn: () => withProcessorTime(world.pid, () => load(world.port, chains, extent)),
  }).finally(empty.stop);
  const [busy, busyAtEmpty] = [keyturn, node].map((rounds) =>
    percent(median(rounds.map((round) => round.generatorShare))),
  );
  return {
    rows: loadRows(`${what}, beside an empty node:http answer`, keyturn, node, { rate: { atLeast: 0.5 } }),
    notes: [
      `${what}: the load generator took ${busy} of a core, at the empty answers of ${body.length} bytes ${busyAtEmpty}.`,
    ],
  };
}
