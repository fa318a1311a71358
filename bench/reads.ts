import type { Order as EmptyServer } from "./baseline/http-empty.ts";
import type { Order as LookUpServer } from "./baseline/http-with-look-up.ts";
import { repeat } from "./kit/chains.ts";
import { startBaseline } from "./kit/child.ts";
import { requestText } from "./kit/keep-alive.ts";
import { ask, load } from "./kit/load.ts";
import { withProcessorTime } from "./kit/processor-time.ts";
import { type Findings, loadRows, percent } from "./kit/report.ts";
import { addPeople, addSessions, type Holder, pickHolders, settle } from "./kit/seed.ts";
import { captureLookUp } from "./kit/statements.ts";
import { alternate, median } from "./kit/statistics.ts";
import { type World, withWorld } from "./kit/world.ts";

const CONNECTIONS = 16;
const ROUNDS = 9;
const ROUND_MS = 1_000;

/**
 * What every logged-in call costs, over 16 connections.
 *
 * 1. `GET /api/me`: at least 90 % of what `node:http` reaches that makes the same look-up, one by one
 * 2. `POST /api/token/verify` of an access token: at most three times the processor time of an empty answer
 */
export function measureReads(): Promise<Findings> {
  return withWorld(async (world) => {
    await addPeople(world.app, "reader", 1_000);
    await addSessions(world.app, "reader", 1);
    await settle(world.app);
    const holders = await pickHolders(world.app, "reader", CONNECTIONS);
    const me = await measureMe(world, holders);
    const verify = await measureVerify(world, holders);
    return { rows: [...me.rows, ...verify.rows], notes: [...me.notes, ...verify.notes] };
  });
}

async function measureMe(world: World, holders: Holder[]): Promise<Findings> {
  const requests = holders.map(({ access }) =>
    requestText("GET", "/api/me", { authorization: `Bearer ${access}` }),
  );
  const lookUp = await captureLookUp(world.app.db, holders[0] as Holder);
  const plain = startBaseline<LookUpServer, number>("http-with-look-up.ts");
  const port = await plain.ask({
    connection: world.connection,
    pool: world.app.settings.DATABASE_POOL,
    lookUp,
    bodyBytes: await bytesOf(world, requests),
  });
  const what = "GET /api/me, beside node:http with the look-up";
  return besides(world, what, requests, { pid: plain.pid, port }, { rate: { atLeast: 0.9 } }).finally(
    plain.stop,
  );
}

async function measureVerify(world: World, holders: Holder[]): Promise<Findings> {
  const requests = holders.map(({ access }) =>
    requestText("POST", "/api/token/verify", {}, `{"token":"${access}"}`),
  );
  const empty = startBaseline<EmptyServer, number>("http-empty.ts");
  const port = await empty.ask({ bodyBytes: await bytesOf(world, requests) });
  const what = "POST /api/token/verify, beside an empty node:http answer";
  return besides(world, what, requests, { pid: empty.pid, port }, { work: { atMost: 3 } }).finally(
    empty.stop,
  );
}

async function bytesOf(world: World, requests: string[]): Promise<number> {
  return (await ask(world.port, requests[0] ?? "")).body.length;
}

async function besides(
  world: World,
  what: string,
  requests: string[],
  baseline: { pid: number; port: number },
  limits: Parameters<typeof loadRows>[3],
): Promise<Findings> {
  const chains = requests.map(repeat);
  const extent = { milliseconds: ROUND_MS };
  const { keyturn, node } = await alternate(ROUNDS, {
    node: () => withProcessorTime(baseline.pid, () => load(baseline.port, chains, extent)),
    keyturn: () => withProcessorTime(world.pid, () => load(world.port, chains, extent)),
  });
  const [busy, busyThere] = [keyturn, node].map((rounds) =>
    percent(median(rounds.map((round) => round.generatorShare))),
  );
  return {
    rows: loadRows(what, keyturn, node, limits),
    notes: [`${what}: the load generator took ${busy} of a core, and ${busyThere} there.`],
  };
}
