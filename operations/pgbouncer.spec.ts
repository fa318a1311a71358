import { openDatabase } from "@/db/client.ts";
import { randomToken } from "@/lib/base/crypto.ts";
import { test as base, expect } from "../e2e/fixtures.ts";
import { expectNothingLost, startLoad } from "../e2e/kit/chains.ts";
import { createDatabaseUrl } from "../e2e/kit/database-server.ts";
import { expectAnswer, PAIR, refused } from "../e2e/kit/expect-answer.ts";
import { type Answer, send } from "../e2e/kit/http.ts";
import { startNeighbour } from "../e2e/kit/neighbours.ts";
import { claimsOf, enter, logIn, makePerson, refresh } from "../e2e/kit/people.ts";
import { type Server, startServer } from "../e2e/kit/server.ts";

const AT_ONCE = 40;
const CLIENTS = 8;

type Fixtures = {
  /** Two processes that reach one database through PgBouncer, and nothing beside it. */
  behindPooler: { servers: [Server, Server]; url: string };
};

const test = base.extend<Record<never, never>, Fixtures>({
  behindPooler: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of fixtures from this pattern
    async ({}, use) => {
      const direct = new URL(await createDatabaseUrl());
      const pooler = await startPooler(direct);
      const url = Object.assign(new URL(direct), { host: `127.0.0.1:${pooler.port}` }).href;
      const settings = { DATABASE_URL: url, DATABASE_PREPARE: "off" };
      const servers = await Promise.all([startServer(settings), startServer(settings)]);
      await use({ servers, url });
      for (const server of servers) await server.stop();
      await pooler.stop();
    },
    { scope: "worker", timeout: 180_000 },
  ],
});

/** PgBouncer in transaction mode with the settings that docs/operations.md names, and few connections to share. */
function startPooler({ hostname, port, username, password }: URL) {
  const settings = (folder: string, listenPort: number) => `
[databases]
* = host=${hostname} port=${port}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${listenPort}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = ${folder}/users.txt
pool_mode = transaction
default_pool_size = 4
max_client_conn = 200
`;
  const secret = decodeURIComponent(password);
  return startNeighbour(
    (folder, listenPort) => ({
      "pgbouncer.ini": settings(folder, listenPort),
      "users.txt": `"${username}" "${secret}"\n`,
    }),
    (folder) => ["pgbouncer", `${folder}/pgbouncer.ini`],
    { asNobody: true },
  );
}

test("two processes that start at once behind PgBouncer migrate an empty database, and leave no lock behind", async ({
  behindPooler: { servers, url },
}) => {
  for (const server of servers) {
    expectAnswer(await send(server, "GET /api/ready"), 200, { status: "ready" });
  }
  const { db, close } = openDatabase(url, { maxConnections: 1, prepare: false });
  const locks = await db.$client`select 1 from pg_locks where locktype = 'advisory'`;
  await close();
  expect([...locks]).toEqual([]);
});

test("log-in, refresh, retry, reuse and log-out mean the same as without it", async ({ behindPooler }) => {
  const [first, second] = behindPooler.servers;
  const person = await makePerson(first);
  const pair = await logIn(first, person);
  const key = { "idempotency-key": randomToken(24) };
  const rotate = (server: Server, headers = {}) =>
    send(server, "POST /api/token/refresh", { json: { refresh: pair.refresh }, headers });
  const rotated = await rotate(first, key);
  expectAnswer(rotated, 200, PAIR);
  expect((await rotate(second, key)).text).toBe(rotated.text);
  expectAnswer(await rotate(second), 401, refused("Token is blacklisted", "rotated"));
  const stolen = await rotate(second, { "user-agent": "curl/8.0 of a thief" });
  expectAnswer(stolen, 401, refused("Token is blacklisted", "token_reused"));

  const [phone, laptop] = [await logIn(second, person), await logIn(first, person)];
  const logOut = (json: object) => send(first, "POST /logout_token", { bearer: laptop.access, json });
  expectAnswer(await logOut({ refresh_token: phone.refresh }), 200, { status: "OK, goodbye" });
  const after = await send(second, "POST /api/token/refresh", { json: { refresh: phone.refresh } });
  expectAnswer(after, 401, refused("Token is blacklisted", "logged_out"));
  expect((await logOut({ all: "1" })).status).toBe(200);
  expect((await send(second, "GET /api/me", { bearer: laptop.access })).status).toBe(401);
});

test("of many refreshes of one token at once exactly one wins", async ({ behindPooler: { servers } }) => {
  const [first, second] = servers;
  const person = await enter(first);
  const answers: Answer[] = await Promise.all(
    Array.from({ length: AT_ONCE }, (_, i) =>
      send(i % 2 ? first : second, "POST /api/token/refresh", {
        json: { refresh: person.refresh },
        withinMs: 30_000,
      }),
    ),
  );
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  expect(answers.filter(({ status }) => status === 401)).toHaveLength(AT_ONCE - 1);
});

test("under load on both processes nothing is lost, and log out everywhere ends all of it", async ({
  behindPooler: { servers },
}) => {
  const [first] = servers;
  const people = [];
  while (people.length < CLIENTS) people.push(await enter(first));
  const load = startLoad(
    servers,
    people.map((each) => each.refresh),
  );
  await load.advance(10);
  await load.stop();
  expect(load.chains.flatMap(({ broken }) => broken)).toEqual([]);
  expect(load.refusals()).toBe(0);
  await expectNothingLost(first, load);

  const newest = await refresh(first, load.chains[0]?.token ?? "");
  await send(first, "POST /logout_token", { bearer: newest.access, json: { all: "1" } });
  const { db } = await first.app();
  const [row] =
    await db.$client`select revoked_reason from sessions where id = ${String(claimsOf(newest.refresh).sid)}`;
  expect(row).toEqual({ revoked_reason: "logged_out_everywhere" });
});
