import { startEmbeddedDatabase } from "@/db/embedded.ts";
import { expect, test } from "../fixtures.ts";
import { expectAnswer, PAIR } from "../kit/expect-answer.ts";
import { type Answer, send } from "../kit/http.ts";
import { enter, PASSWORD, type Pair, type Person } from "../kit/people.ts";
import { startRelay } from "../kit/relay.ts";
import type { Server } from "../kit/server.ts";

test("while the database is away people are told to try again, and everything is back by itself", async ({
  dataFolder,
  startServer,
}) => {
  let database = await startDatabase(dataFolder);
  const { user, password, database: name } = database.connection;
  const relay = await startRelay(() => database.connection);
  try {
    const DATABASE_URL = `postgres://${user}:${password}@127.0.0.1:${relay.port}/${name}`;
    const server = await startServer({ DATABASE_URL });
    const person = await enter(server);

    await database.stop();
    for (const answer of await callsThatNeedIt(server, person)) expectAway(answer);
    await expectAwayPage(server, person);
    await relay.close();
    for (const answer of await callsThatNeedIt(server, person)) expectAway(answer);
    expectAnswer(await send(server, "GET /api/health"), 200, { status: "ok" });
    expectAnswer(await send(server, "POST /api/token/verify", { json: { token: person.access } }), 200, {});

    database = await startDatabase(dataFolder);
    await relay.open();
    await expect
      .poll(async () => (await send(server, "GET /api/ready")).status, { timeout: 15_000 })
      .toBe(200);
    const answer = await send(server, "POST /api/token/refresh", { json: { refresh: person.refresh } });
    expectAnswer(answer, 200, PAIR);
    for (const secret of [PASSWORD, person.access, person.refresh, password, "select"]) {
      expect(server.log()).not.toContain(secret);
    }
    expect(await server.stop()).toBe(0);
  } finally {
    await relay.close();
    await database.stop();
  }
});

function callsThatNeedIt(server: Server, { email, access, refresh }: Person & Pair): Promise<Answer[]> {
  return Promise.all([
    send(server, "GET /api/ready"),
    send(server, "GET /api/me", { bearer: access }),
    send(server, "POST /api/token", { json: { email, password: PASSWORD } }),
    send(server, "POST /api/token/refresh", { json: { refresh } }),
    send(server, "POST /api/token/verify", { json: { token: refresh } }),
    send(server, "POST /logout_token", { json: { all: "1" }, bearer: access }),
  ]);
}

/** Whoever opens a page is told to come back too, and the log leads from the answer to the fault. */
async function expectAwayPage(server: Server, { access }: Pair): Promise<void> {
  const answer = await send(server, "GET /account/sessions", {
    headers: { cookie: `keyturn_access=${access}`, "x-request-id": "mine" },
  });
  expect(answer.status).toBe(503);
  expect(answer.headers["retry-after"]).toMatch(/^[1-9]\d*$/);
  const requestId = String(answer.headers["x-request-id"]);
  expect(requestId).not.toBe("mine");
  const faults = () =>
    server
      .log()
      .split("\n")
      .filter((line) => line.includes(requestId) && line.includes('"request failed"'));
  await expect.poll(faults).toEqual([expect.stringContaining('"page":"/account/sessions"')]);
}

function expectAway(answer: Answer): void {
  expectAnswer(answer, 503, { detail: expect.any(String), code: "unavailable" });
  expect(answer.headers["retry-after"]).toMatch(/^[1-9]\d*$/);
}

async function startDatabase(folder: string) {
  const database = await startEmbeddedDatabase(folder);
  if (database.kind !== "started") throw new Error(`no database: ${JSON.stringify(database)}`);
  return database;
}
