import { setTimeout as pause } from "node:timers/promises";
import { refreshChains } from "./kit/chains.ts";
import { KeepAlive, requestText } from "./kit/keep-alive.ts";
import { load } from "./kit/load.ts";
import { type Findings, factRow, grouped, milliseconds, ratioRow } from "./kit/report.ts";
import { addPeople, addSessions, PASSWORD, pickHolders, settle } from "./kit/seed.ts";
import { alternate, compare } from "./kit/statistics.ts";
import { type World, withWorld } from "./kit/world.ts";

const CHAINS = 4;
const PAUSE_MS = 5;
const ROUNDS = 5;
const ROUND_MS = 3_000;
const PEOPLE = 1_000;
/** More than may run and wait at once, so that somebody is always turned away and the hasher never idles. */
const FLOOD_CONNECTIONS = 64;
const TURNED_AWAY_PAUSE_MS = 100;
const FLOOD_FILLS_MS = 500;

type Tally = Map<number, number>;

/** While log-ins keep the password hasher full, the p99 of refreshes is at most one and a half times the quiet one. */
export function measureHashing(): Promise<Findings> {
  return withWorld(measureIn, { TRUSTED_PROXIES: "1", TWO_FACTOR_DEFAULT: "off" });
}

async function measureIn(world: World): Promise<Findings> {
  await addPeople(world.app, "person", PEOPLE);
  await addSessions(world.app, "person", 1);
  await settle(world.app);
  const steady = refreshChains(await pickHolders(world.app, "person", 10 * CHAINS), CHAINS);
  const refresh = () => load(world.port, steady, { milliseconds: ROUND_MS, pauseMs: PAUSE_MS });
  const tally: Tally = new Map();
  const { quiet, flooded } = await alternate(ROUNDS, {
    quiet: refresh,
    flooded: () => duringFlood(world, tally, refresh),
  });
  const what = `Refresh, ${CHAINS} paced chains, while log-ins fill the hasher`;
  const p99 = compare(flooded, quiet, (round) => round.p99Ms);
  const p50 = compare(flooded, quiet, (round) => round.p50Ms);
  const answers = [...tally].sort().map(([status, count]) => `${grouped(count)} × ${status}`);
  return {
    rows: [
      ratioRow(`${what}: p99`, p99, milliseconds, { atMost: 1.5 }),
      ratioRow(`${what}: p50`, p50, milliseconds, null),
      factRow("Log-ins meanwhile, by status", answers.join(", "), "some 503", tally.has(503)),
    ],
    notes: [
      `${what}: each chain pauses ${PAUSE_MS} ms after an answer; ${FLOOD_CONNECTIONS} connections log in with right ` +
        `passwords, and after a 503 again in ${TURNED_AWAY_PAUSE_MS} ms.`,
    ],
  };
}

/** Runs `work` while log-ins come from everywhere, and lets the last of them end before it returns. */
async function duringFlood<Result>(world: World, tally: Tally, work: () => Promise<Result>): Promise<Result> {
  let over = false;
  const flood = Promise.all(
    Array.from({ length: FLOOD_CONNECTIONS }, (_, i) => logInAgainAndAgain(world, tally, i, () => over)),
  );
  await pause(FLOOD_FILLS_MS);
  const result = await work();
  over = true;
  await flood;
  return result;
}

async function logInAgainAndAgain({ port }: World, tally: Tally, lane: number, isOver: () => boolean) {
  const connection = await KeepAlive.open(port);
  for (let turn = lane; !isOver(); turn += FLOOD_CONNECTIONS) {
    const { status } = await connection.exchange(logInRequest((turn % PEOPLE) + 1));
    tally.set(status, (tally.get(status) ?? 0) + 1);
    if (status !== 200) await pause(TURNED_AWAY_PAUSE_MS);
  }
  connection.close();
}

/** Each person from an address of their own, so that no limit on one caller steps in before the hasher's. */
function logInRequest(person: number): string {
  const address = `10.0.${person >> 8}.${person & 255}`;
  const body = JSON.stringify({ email: `person-${person}@example.com`, password: PASSWORD });
  return requestText("POST", "/api/token", { "x-forwarded-for": address }, body);
}
