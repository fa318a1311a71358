import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { startEmbeddedDatabase } from "@/db/embedded.ts";
import { postgresProcess } from "../kit/folder.ts";
import { send } from "../kit/http.ts";
import { claimsOf, makePerson, type Person } from "../kit/people.ts";
import { startRelay } from "../kit/relay.ts";
import { type Server, startServer, type Variables } from "../kit/server.ts";
import { FRONT_END, runApp, runBrowser, runThief, type Stage } from "./clients.ts";
import { type BreakableDatabase, createMishaps } from "./mishaps.ts";
import { seeded } from "./random.ts";
import { createTally, type Tally } from "./tally.ts";

export type Order = { seed: number; seconds: number; apps: number; browsers: number; thieves: number };

const TABS = 3;
/** Clocks of the hosts, wrong by so many minutes. */
const WRONG_BY_MINUTES = [7, -4];
const WRONG_CLOCK = join(import.meta.dirname, "wrong-clock.cjs");
const CALM_WITHIN_MS = 60_000;

/**
 * Lets clients and thieves loose on two hosts with two processes each, breaks things meanwhile, mends them, and counts
 * what must not have happened. The same seed chooses the same; what comes of it also hangs on the machine.
 */
export async function wreak(order: Order, say: (line: string) => void): Promise<Tally> {
  const random = seeded(order.seed);
  const tally = createTally();
  const folder = await mkdtemp(join(tmpdir(), "keyturn-chaos-"));
  const { database, url, leave } = await startBreakableDatabase(folder);
  const servers: Server[] = [];
  try {
    for (const minutes of WRONG_BY_MINUTES) servers.push(await startServer(settings(url, minutes)));
    const people: Person[] = [];
    while (people.length < order.apps + order.browsers) people.push(await makePerson(servers[0] as Server));
    for (const server of servers) await bothServe(server);
    const endsMs = performance.now() + order.seconds * 1_000;
    const stage: Stage = {
      random,
      tally,
      going: () => performance.now() < endsMs,
      origin: () => random.pick(servers),
      held: new Set(),
      ended: new Map(),
      standing: new Map(),
    };
    const startedMs = performance.now();
    const tell = (what: string) => {
      tally.count("mishaps");
      say(`${((performance.now() - startedMs) / 1_000).toFixed(1).padStart(6)} s  ${what}`);
    };
    const mishaps = createMishaps({ random, say: tell }, servers, database);
    await Promise.all([
      mishaps.run(stage.going),
      ...people.slice(0, order.apps).map((person) => runApp(stage, person)),
      ...people.slice(order.apps).map((person) => runBrowser(stage, person, TABS)),
      ...Array.from({ length: order.thieves }, () => runThief(stage)),
    ]);
    await takeStock(stage, servers);
    return tally;
  } finally {
    for (const server of servers) await server.stop();
    await leave();
    await rm(folder, { recursive: true, force: true });
  }
}

function settings(url: string, wrongByMinutes: number): Variables {
  return {
    DATABASE_URL: url,
    WEB_CONCURRENCY: "2",
    CORS_ORIGINS: FRONT_END,
    NODE_OPTIONS: `--require ${WRONG_CLOCK}`,
    WRONG_CLOCK_MS: String(wrongByMinutes * 60_000),
  };
}

async function startBreakableDatabase(folder: string) {
  const start = async () => {
    const started = await startEmbeddedDatabase(folder);
    if (started.kind !== "started") throw new Error(`no database: ${JSON.stringify(started)}`);
    return started;
  };
  let running = await start();
  const relay = await startRelay(() => running.connection);
  const { user, password, database: name } = running.connection;
  const database: BreakableDatabase = {
    stop: () => running.stop(),
    async kill() {
      const pid = await postgresProcess(folder);
      if (pid) process.kill(pid, "SIGKILL");
      await running.stop();
    },
    async start() {
      running = await start();
    },
  };
  const leave = async () => {
    await relay.close();
    await running.stop();
  };
  return { database, url: `postgres://${user}:${password}@127.0.0.1:${relay.port}/${name}`, leave };
}

/** When all is mended: what was ended is over, what was acknowledged stands, on every host. */
async function takeStock({ tally, ended, standing }: Stage, servers: Server[]): Promise<void> {
  for (const server of servers) await calm(server);
  for (const [session, refresh] of ended) {
    for (const server of servers) {
      const answer = await send(server, "POST /api/token/refresh", { json: { refresh } });
      if (answer.status !== 401) tally.fault("revocations undone", `${session}: ${answer.status}`);
    }
  }
  const { db } = await (servers[0] as Server).app();
  const rows = await db.$client<{ id: string; generation: number; ended: boolean }[]>`
    select id, generation, revoked_at is not null as ended from sessions`;
  const rowOf = new Map(rows.map((row) => [row.id, row]));
  for (const session of ended.keys()) {
    if (!rowOf.get(session)?.ended) tally.fault("revocations undone", `${session} lives`);
  }
  for (const [session, token] of standing) {
    const row = rowOf.get(session);
    if (!row || row.ended) tally.fault("false log-outs", `${session} has ended`);
    else if (row.generation !== Number(claimsOf(token).gen))
      tally.fault("acknowledged refreshes forgotten", `${session} stands at ${row.generation}`);
  }
  tally.count(`look at ${ended.size} sessions that must be over and ${standing.size} that must stand`);
}

/** Waits until both processes of a host serve. */
async function bothServe(server: Server): Promise<void> {
  while ((server.log().match(/Keyturn is ready/g)?.length ?? 0) < 2) await pause(50);
}

async function calm(server: Server): Promise<void> {
  const untilMs = performance.now() + CALM_WITHIN_MS;
  for (;;) {
    const answer = await send(server, "GET /api/ready").catch(() => null);
    if (answer?.status === 200) return;
    if (performance.now() > untilMs)
      throw new Error(`not ready again after the mishaps:\n${server.log().slice(-2_000)}`);
    await pause(100);
  }
}
