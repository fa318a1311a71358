import { setTimeout as pause } from "node:timers/promises";
import type { Database } from "@/db/client.ts";
import { refreshChains } from "./kit/chains.ts";
import { load } from "./kit/load.ts";
import { type Findings, factRow, grouped, perSecond } from "./kit/report.ts";
import { addPeople, addSessions, pickHolders, settle } from "./kit/seed.ts";
import { withWorld } from "./kit/world.ts";

const SESSIONS = 1_000;
const REFRESHES = 50_000;
const CHAINS = 16;
/** PostgreSQL hands its counters in late, at most this much. */
const COUNTERS_WITHIN_MS = 15_000;

/** 50,000 refreshes of 1,000 sessions leave 1,000 rows; how much room they take, and how many updates were HOT. */
export function measureStorage(): Promise<Findings> {
  return withWorld(async ({ app, port }) => {
    await addPeople(app, "keeper", SESSIONS);
    await addSessions(app, "keeper", 1);
    await settle(app);
    const chains = refreshChains(await pickHolders(app, "keeper", SESSIONS), CHAINS);
    const before = await readTable(app.db);
    const round = await load(port, chains, { requests: REFRESHES });
    const after = await settledTable(app.db, before.updates + REFRESHES);
    const hot = (after.hotUpdates - before.hotUpdates) / (after.updates - before.updates);
    const what = `After ${grouped(REFRESHES)} refreshes of ${grouped(SESSIONS)} sessions`;
    const same = after.rows === before.rows;
    return {
      rows: [
        factRow(`${what}: rows`, grouped(after.rows), `= ${grouped(before.rows)}`, same),
        factRow(`${what}: table`, growth(before.tableBytes, after.tableBytes)),
        factRow(`${what}: indexes`, growth(before.indexBytes, after.indexBytes)),
        factRow(`${what}: HOT updates`, `${(100 * hot).toFixed(1)} %`),
      ],
      notes: [`${what}: ${CHAINS} chains in turn over all sessions, ${perSecond(round.perSecond)}.`],
    };
  });
}

type Table = { rows: number; tableBytes: number; indexBytes: number; updates: number; hotUpdates: number };

async function readTable({ $client: sql }: Database): Promise<Table> {
  const [table] = await sql<Table[]>`
    select (select count(*) from sessions)::int as rows, pg_table_size(relid)::int as "tableBytes",
      pg_indexes_size(relid)::int as "indexBytes", n_tup_upd::int as updates, n_tup_hot_upd::int as "hotUpdates"
    from pg_stat_user_tables where relname = 'sessions'`;
  if (!table) throw new Error("there is no table of sessions");
  return table;
}

async function settledTable(db: Database, updates: number): Promise<Table> {
  const startMs = performance.now();
  let table = await readTable(db);
  while (table.updates < updates && performance.now() - startMs < COUNTERS_WITHIN_MS) {
    await pause(500);
    table = await readTable(db);
  }
  return table;
}

function growth(before: number, after: number): string {
  return `${kibibytes(before)} → ${kibibytes(after)} (× ${(after / before).toFixed(1)})`;
}

function kibibytes(bytes: number): string {
  return `${grouped(Math.round(bytes / 1024))} KiB`;
}
