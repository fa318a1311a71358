import { randomToken } from "@/lib/base/crypto.ts";
import { expect, test } from "../fixtures.ts";
import { expectAnswer, PAIR, refused } from "../kit/expect-answer.ts";
import { postgresProcess } from "../kit/folder.ts";
import { type Answer, send } from "../kit/http.ts";
import { claimsOf, enter } from "../kit/people.ts";
import type { Server } from "../kit/server.ts";

const AT_ONCE = 50;
const CHAINS = 8;
const TURNS_BEFORE_THE_KILL = 150;

function turn(server: { origin: string }, refresh: string, key?: string): Promise<Answer> {
  const sending = { json: { refresh }, ...(key && { headers: { "idempotency-key": key } }) };
  return send(server, "POST /api/token/refresh", sending);
}

test("of fifty refreshes of one token at once, over two processes, one wins and the session goes on", async ({
  server,
  startServer,
}) => {
  const other = await startServer(server.variables);
  const { refresh } = await enter(server);
  const answers = await atOnce(server, other, refresh);
  const winners = answers.filter(({ status }) => status === 200);
  expect(winners).toHaveLength(1);
  for (const answer of answers.filter((each) => !winners.includes(each))) {
    expectAnswer(answer, 401, refused("Token is blacklisted", "rotated"));
  }
  expect(await row(server, refresh)).toEqual({ generation: 2, revoked_reason: null });
  expectAnswer(await turn(other, (winners[0]?.body as { refresh: string }).refresh), 200, PAIR);

  const impatient = await enter(server);
  const same = await atOnce(server, other, impatient.refresh, randomToken(24));
  expectAnswer(same[0] as Answer, 200, PAIR);
  expect(new Set(same.map(({ text }) => text)).size, "with one key all get the same pair").toBe(1);
  expect(await row(server, impatient.refresh)).toEqual({ generation: 2, revoked_reason: null });
});

test("when app and database are killed under load, no acknowledged refresh is lost", async ({
  dataFolder,
  startServer,
}) => {
  const first = await startServer({ DATA_FOLDER: dataFolder });
  const chains: Chain[] = [];
  while (chains.length < CHAINS) chains.push({ token: (await enter(first)).refresh, key: "", turns: 0 });
  const running = Promise.all(chains.map((chain) => turnUntilKilled(first, chain)));
  const turns = () => chains.reduce((sum, chain) => sum + chain.turns, 0);
  await expect.poll(turns, { intervals: [20], timeout: 30_000 }).toBeGreaterThan(TURNS_BEFORE_THE_KILL);
  process.kill(Number(await postgresProcess(dataFolder)), "SIGKILL");
  first.process.kill("SIGKILL");
  await running;
  await first.stop();

  const second = await startServer({ DATA_FOLDER: dataFolder });
  for (const { token, key, turns } of chains) {
    const answer = await turn(second, token, key);
    expectAnswer(answer, 200, PAIR);
    expect(claimsOf((answer.body as { refresh: string }).refresh).gen).toBe(turns + 2);
  }
});

/** What a client knows: its newest acknowledged token, and the key of the refresh it is waiting for. */
type Chain = { token: string; key: string; turns: number };

async function turnUntilKilled(server: Server, chain: Chain): Promise<void> {
  for (;;) {
    chain.key = randomToken(24);
    const answer = await turn(server, chain.token, chain.key).catch(() => null);
    if (answer?.status !== 200) return;
    chain.token = (answer.body as { refresh: string }).refresh;
    chain.turns += 1;
  }
}

function atOnce(first: Server, second: Server, refresh: string, key?: string): Promise<Answer[]> {
  const turns = Array.from({ length: AT_ONCE }, (_, i) => turn(i % 2 ? first : second, refresh, key));
  return Promise.all(turns);
}

async function row(server: Server, token: string) {
  const { db } = await server.app();
  const id = String(claimsOf(token).sid);
  const [found] = await db.$client`select generation, revoked_reason from sessions where id = ${id}`;
  return found;
}
