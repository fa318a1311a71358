import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { KeepAlive, requestText } from "./kit/keep-alive.ts";
import { rankTest } from "./kit/rank-test.ts";
import { type Findings, factRow, milliseconds, type Row } from "./kit/report.ts";
import { addPeople, PASSWORD } from "./kit/seed.ts";
import { median } from "./kit/statistics.ts";
import { type World, withWorld } from "./kit/world.ts";

const PAIRS = 200;
const WARM_UP = 20;
/** Two equal samples lie further apart than this once in 370 runs. */
const MAX_Z = 3;

/** Nobody can tell by the time of an answer whether an address has an account, also while the mail provider hangs. */
export async function measureAccountTiming(): Promise<Findings> {
  const quiet = await withWorld((world) => measureIn(world, "mail works"), { TRUSTED_PROXIES: "1" });
  const hanging = await withHangingProvider((url) =>
    withWorld((world) => measureIn(world, "the mail provider hangs"), {
      TRUSTED_PROXIES: "1",
      MAIL_TRANSPORT: "resend",
      RESEND_API_KEY: "re_bench",
      RESEND_BASE_URL: url,
      MAIL_FROM: "Keyturn <login@example.com>",
    }),
  );
  return {
    rows: [...quiet, ...hanging],
    notes: [
      `Times of a refused log-in and a forgotten password: ${PAIRS} pairs, one address with an account and one ` +
        "without, in turn and each first in every other pair; z by the rank test of Mann and Whitney.",
    ],
  };
}

/** A call by which a stranger could try to learn whether an address has an account. */
type Probe = { name: string; status: number; request(person: string, pair: number): string };

const PROBES: Probe[] = [
  {
    name: "Refused log-in",
    status: 401,
    request: (person, pair) => logInRequest(person, "a wrong password", pair),
  },
  {
    name: "Forgotten password",
    status: 202,
    request: (person, pair) => requestFrom(pair, "/api/password/forgot", { email: addressOf(person) }),
  },
];

async function measureIn(world: World, when: string): Promise<Row[]> {
  await addPeople(world.app, "person", PAIRS + WARM_UP);
  await world.app.db.$client`update users set two_factor_email = true`;
  const connection = await KeepAlive.open(world.port);
  const rows: Row[] = [];
  for (const probe of PROBES) rows.push(await measureProbe(connection, probe, when));
  connection.close();
  return rows;
}

async function measureProbe(connection: KeepAlive, probe: Probe, when: string): Promise<Row> {
  const known: number[] = [];
  const unknown: number[] = [];
  for (let pair = 1; pair <= PAIRS + WARM_UP; pair += 1) {
    const mailed = await connection.exchange(logInRequest(`person-${pair}`, PASSWORD, pair));
    if (mailed.status >= 500) throw new Error(`a log-in was answered ${mailed.status}`);
    const order = pair % 2 === 0 ? [known, unknown] : [unknown, known];
    for (const sample of order) {
      const request = probe.request(sample === known ? `person-${pair}` : `nobody-${pair}`, pair);
      const elapsedMs = await timed(() => connection.exchange(request), probe.status);
      if (pair > WARM_UP) sample.push(elapsedMs);
    }
  }
  const z = rankTest(known, unknown);
  const medians = `${milliseconds(median(known))} with an account, ${milliseconds(median(unknown))} without`;
  return factRow(
    `${probe.name} while ${when}`,
    `${medians}, z = ${z.toFixed(2)}`,
    `|z| < ${MAX_Z}`,
    Math.abs(z) < MAX_Z,
  );
}

async function timed(exchange: () => Promise<{ status: number }>, expected: number): Promise<number> {
  const startMs = performance.now();
  const { status } = await exchange();
  if (status !== expected) throw new Error(`a probe was answered ${status} in place of ${expected}`);
  return performance.now() - startMs;
}

function logInRequest(person: string, password: string, pair: number): string {
  return requestFrom(pair, "/api/token", { email: addressOf(person), password });
}

function addressOf(person: string): string {
  return `${person}@example.com`;
}

/** Each pair from an address of its own, so that no limit on one caller steps in. */
function requestFrom(pair: number, path: string, body: Record<string, string>): string {
  const caller = { "x-forwarded-for": `10.1.${pair >> 8}.${pair & 255}` };
  return requestText("POST", path, caller, JSON.stringify(body));
}

/** A provider that takes connections and never says a word. */
async function withHangingProvider<Result>(use: (url: string) => Promise<Result>): Promise<Result> {
  const provider = createServer(() => {}).listen(0, "127.0.0.1");
  await once(provider, "listening");
  const { port } = provider.address() as AddressInfo;
  try {
    return await use(`http://127.0.0.1:${port}`);
  } finally {
    provider.close();
  }
}
