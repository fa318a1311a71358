import type { Order as PlainServer } from "./baseline/http-with-statement.ts";
import type { Order as PostgresAlone } from "./baseline/postgres-alone.ts";
import { refreshChains, refreshRequest } from "./kit/chains.ts";
import { startBaseline } from "./kit/child.ts";
import { ask, load } from "./kit/load.ts";
import { withProcessorTime } from "./kit/processor-time.ts";
import { type Findings, loadRows, percent, type Row } from "./kit/report.ts";
import { addPeople, addSessions, type Holder, pickHolders, settle } from "./kit/seed.ts";
import { captureRotation, type RotateStatement } from "./kit/statements.ts";
import { alternate, median, type Round } from "./kit/statistics.ts";
import { type World, withWorld } from "./kit/world.ts";

const MANY = 16;
const MORE = 64;
const ROUNDS = 9;
const ROUND_MS = 1_500;
const ONE_CHAIN_ROUND_MS = 800;

/**
 * A refresh over HTTP beside what it stands on.
 *
 * 1. 16 chains through one process: at least 75 % of what postgres.js alone reaches with one statement each, for at
 *    most three times its processor time
 * 2. 64 chains: at least as many as postgres.js alone
 * 3. one chain, beside a plain `node:http` server that does that statement: at most 1.3 times its p50
 */
export function measureRefresh(): Promise<Findings> {
  return withWorld(async (world) => {
    await addPeople(world.app, "person", 1_000);
    await addSessions(world.app, "person", 1);
    await settle(world.app);
    const holders = await pickHolders(world.app, "person", 2 * (MANY + MORE) + 3);
    const [probe, own, other, ...chained] = holders as [Holder, Holder, Holder, ...Holder[]];
    const statement = await captureRotation(world.app.db, probe);
    const many = await manyChains(world, statement, chained.slice(0, 2 * MANY), {
      rate: { atLeast: 0.75 },
      work: { atMost: 3 },
    });
    const more = await manyChains(world, statement, chained.slice(2 * MANY), { rate: { atLeast: 1 } });
    const one = await oneChain(world, statement, own, other);
    return { rows: [...many.rows, ...more.rows, ...one], notes: [...many.notes, ...more.notes] };
  });
}

/** Half of the holders rotate through Keyturn, the others by postgres.js alone, a chain each. */
async function manyChains(
  world: World,
  statement: RotateStatement,
  holders: Holder[],
  limits: Parameters<typeof loadRows>[3],
): Promise<Findings> {
  const alone = startBaseline<PostgresAlone, Round>("postgres-alone.ts");
  const count = holders.length / 2;
  const pool = world.app.settings.DATABASE_POOL;
  const sessions = holders.slice(count);
  await alone.ask({ kind: "open", connection: world.connection, pool, statement, sessions });
  const chains = refreshChains(holders.slice(0, count), count);
  const extent = { milliseconds: ROUND_MS };
  const { keyturn, postgres } = await alternate(ROUNDS, {
    postgres: () => withProcessorTime(alone.pid, () => alone.ask({ kind: "run", ...extent })),
    keyturn: () => withProcessorTime(world.pid, () => load(world.port, chains, extent)),
  }).finally(alone.stop);
  const what = `Refresh, ${count} chains, beside postgres.js alone`;
  const generator = median(keyturn.map((round) => round.generatorShare));
  return {
    rows: loadRows(what, keyturn, postgres, limits),
    notes: [
      `${what}: one statement each there; ${pool} connections to PostgreSQL in both; the load generator, which ` +
        `postgres.js alone does without, took ${percent(generator)} of a core.`,
    ],
  };
}

async function oneChain(
  world: World,
  statement: RotateStatement,
  own: Holder,
  other: Holder,
): Promise<Row[]> {
  const first = await ask(world.port, refreshRequest(own.refresh));
  own.refresh = JSON.parse(first.body).refresh;
  const plain = startBaseline<PlainServer, number>("http-with-statement.ts");
  const plainPort = await plain.ask({
    connection: world.connection,
    pool: world.app.settings.DATABASE_POOL,
    statement,
    session: other,
    bodyBytes: first.body.length,
  });
  const request = refreshRequest(own.refresh);
  const extent = { milliseconds: ONE_CHAIN_ROUND_MS };
  const { keyturn, server } = await alternate(ROUNDS, {
    server: () =>
      withProcessorTime(plain.pid, () => load(plainPort, [{ next: () => request, take: insist }], extent)),
    keyturn: () => withProcessorTime(world.pid, () => load(world.port, refreshChains([own], 1), extent)),
  }).finally(plain.stop);
  return loadRows("Refresh, one chain, beside node:http with the statement", keyturn, server, {
    p50: { atMost: 1.3 },
  });
}

function insist({ status }: { status: number }): void {
  if (status !== 200) throw new Error(`the plain server answered ${status}`);
}
