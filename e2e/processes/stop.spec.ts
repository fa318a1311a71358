import { expect, test } from "../fixtures.ts";
import { expectNothingLost, startLoad } from "../kit/chains.ts";
import { type Answer, send } from "../kit/http.ts";
import { enter, makePerson } from "../kit/people.ts";
import { bothReady, servingProcesses } from "../kit/serving-processes.ts";

const LOG_INS = 20;
const CLIENTS = 12;

for (const [signal, settings] of [
  ["SIGTERM", {}],
  ["SIGINT", { WEB_CONCURRENCY: "2" }],
] as const) {
  const processes = "WEB_CONCURRENCY" in settings ? "two processes finish" : "a process finishes";
  test(`at ${signal} ${processes} what people asked and then ends`, async ({ startServer }) => {
    const server = await startServer(settings);
    const { email, password } = await makePerson(server);
    const logIns = Array.from({ length: LOG_INS }, () =>
      send(server, "POST /api/token", { json: { email, password } }),
    );
    expect((await send(server, "GET /api/health")).status).toBe(200);
    server.process.kill(signal);
    const answers: Answer[] = await Promise.all(logIns);
    expect(answers.map(({ status }) => status)).toEqual(Array(LOG_INS).fill(200));
    expect(await server.ended).toBe(0);
    await expect(send(server, "GET /api/health")).rejects.toThrow("ECONNREFUSED");
  });
}

test("a serving process that dies is replaced, and people stay logged in", async ({ startServer }) => {
  const server = await startServer({ WEB_CONCURRENCY: "2" });
  const started = () => server.log().match(/Keyturn is ready/g)?.length;
  await expect.poll(started, { timeout: 20_000 }).toBe(2);
  const { access } = await enter(server);
  const [victim, survivor] = servingProcesses(server);
  process.kill(Number(victim), "SIGKILL");
  await expect.poll(() => servingProcesses(server)).not.toContain(victim);
  const me = () => send(server, "GET /api/me", { bearer: access }).catch(({ message }: Error) => message);
  await expect.poll(me, { timeout: 20_000 }).toMatchObject({ status: 200 });
  await expect.poll(started, { timeout: 20_000 }).toBe(3);
  expect(servingProcesses(server)).toHaveLength(2);
  expect(servingProcesses(server)).toContain(survivor);
  expect(await server.stop()).toBe(0);
});

test("SIGTERM under load drops no request: each is answered, or its connection refused", async ({
  startServer,
}) => {
  test.setTimeout(180_000);
  const server = await startServer({ WEB_CONCURRENCY: "2" });
  await bothReady(server);
  const tokens: string[] = [];
  while (tokens.length < CLIENTS) tokens.push((await enter(server)).refresh);
  const load = startLoad([server], tokens);
  await load.advance(5);
  server.process.kill("SIGTERM");
  expect(await server.ended).toBe(0);
  await load.stop();
  const broken = load.chains.flatMap((chain) => chain.broken);
  expect(broken.filter((message) => !message.includes("ECONNREFUSED"))).toEqual([]);
  expect(load.refusals()).toBe(0);
  await expectNothingLost(server, load);
});
