import { startEmbeddedDatabase } from "@/db/embedded.ts";
import { expect, test } from "../fixtures.ts";
import { expectNothingLost, startLoad } from "../kit/chains.ts";
import { expectAnswer, PAIR } from "../kit/expect-answer.ts";
import { type Answer, send } from "../kit/http.ts";
import { enter, type Pair } from "../kit/people.ts";
import { startRelay } from "../kit/relay.ts";
import type { Server } from "../kit/server.ts";
import { bothReady, servingProcesses } from "../kit/serving-processes.ts";

const CLIENTS = 6;
const TURNS = 5;

test.setTimeout(180_000);

async function enterSeveral(server: Server, count: number): Promise<Pair[]> {
  const pairs: Pair[] = [];
  while (pairs.length < count) pairs.push(await enter(server));
  return pairs;
}

test("PostgreSQL stops and starts under load on two processes, and nothing that was acknowledged is lost", async ({
  dataFolder,
  startServer,
}) => {
  const start = async () => {
    const started = await startEmbeddedDatabase(dataFolder);
    if (started.kind !== "started") throw new Error(`no database: ${JSON.stringify(started)}`);
    return started;
  };
  let database = await start();
  const { user, password, database: name } = database.connection;
  const relay = await startRelay(() => database.connection);
  try {
    const settings = { DATABASE_URL: `postgres://${user}:${password}@127.0.0.1:${relay.port}/${name}` };
    const servers = [await startServer(settings), await startServer(settings)] as const;
    const people = await enterSeveral(servers[0], CLIENTS);
    const load = startLoad(
      [...servers],
      people.map(({ refresh }) => refresh),
    );
    await load.advance(TURNS);

    await database.stop();
    const refusals = load.refusals();
    await expect.poll(load.refusals, { timeout: 30_000 }).toBeGreaterThan(refusals + CLIENTS);
    database = await start();
    await load.advance(TURNS);
    await load.stop();

    expect(load.chains.flatMap(({ broken }) => broken)).toEqual([]);
    await expectNothingLost(servers[0], load);
  } finally {
    await relay.close();
    await database.stop();
  }
});

test("a serving process is killed under load, and its people go on with the other", async ({
  startServer,
}) => {
  const server = await startServer({ WEB_CONCURRENCY: "2" });
  await bothReady(server);
  const people = await enterSeveral(server, CLIENTS);
  const load = startLoad(
    [server],
    people.map(({ refresh }) => refresh),
  );
  await load.advance(TURNS);
  const [victim] = servingProcesses(server);
  process.kill(Number(victim), "SIGKILL");
  await load.advance(TURNS);
  await bothReady(server, 3);
  await load.advance(TURNS);
  await load.stop();
  expect(servingProcesses(server)).toHaveLength(2);
  expect(servingProcesses(server)).not.toContain(victim);
  await expectNothingLost(server, load);
});

test("when every connection to the database is taken, people are told soon to try again, and lose nothing", async ({
  startServer,
}) => {
  const DATABASE_POOL = "2";
  const first = await startServer({ DATABASE_POOL });
  const second = await startServer({ ...first.variables, DATABASE_POOL });
  const servers = [first, second];
  const stuckAtMost = servers.length * Number(DATABASE_POOL);
  const people = await enterSeveral(first, 3 * stuckAtMost);
  const { db } = await first.app();
  const refused: Answer[] = [];

  const answers = await db.$client.begin(async (sql) => {
    await sql`lock table users in access exclusive mode`;
    const turns = people.map(async ({ refresh }, i) => {
      const server = servers[i % servers.length] as Server;
      const answer = await send(server, "POST /api/token/refresh", { json: { refresh }, withinMs: 30_000 });
      if (answer.status === 503) refused.push(answer);
      return answer;
    });
    await expect.poll(() => refused.length, { timeout: 20_000 }).toBe(people.length - stuckAtMost);
    for (const server of servers) {
      expectAnswer(await send(server, "GET /api/health"), 200, { status: "ok" });
    }
    return { turns };
  });

  const settled = await Promise.all(answers.turns);
  for (const answer of refused) {
    expectAnswer(answer, 503, { detail: expect.any(String), code: "unavailable" });
    expect(answer.headers["retry-after"]).toMatch(/^[1-9]\d*$/);
  }
  expect(settled.filter(({ status }) => status === 200)).toHaveLength(stuckAtMost);
  for (const [i, { refresh }] of people.entries()) {
    if (settled[i]?.status !== 503) continue;
    expectAnswer(await send(second, "POST /api/token/refresh", { json: { refresh } }), 200, PAIR);
  }
});
