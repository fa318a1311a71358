import { databaseTime } from "@/db/queries/time.ts";
import { startResendPeer } from "@/lib/mail/resend-peer.fixture.ts";
import { test as base, expect } from "../e2e/fixtures.ts";
import { expectNothingLost } from "../e2e/kit/chains.ts";
import { type AtWork, expectPromisesKept, startPeople } from "../e2e/kit/people-at-work.ts";
import { type Relay, startRelay } from "../e2e/kit/relay.ts";
import {
  type Node,
  type ReplicatedDatabase,
  startReplicatedDatabase,
} from "../e2e/kit/replicated-database.ts";
import { type Server, startServer } from "../e2e/kit/server.ts";

const TURNS = 5;
const CODE_ON_A_LINE = /^\d{6}$/m;
/** A statement that gets no answer is given up after twelve seconds; then connections are made anew. */
const SILENCE_MS = 14_000;

type Replicated = {
  database: ReplicatedDatabase;
  /** What stands between Keyturn and each node. */
  relayOf(node: Node): Relay;
  /** Two processes that know both nodes. */
  servers: [Server, Server];
  mail: Awaited<ReturnType<typeof startResendPeer>>;
};

const test = base.extend<Record<never, never>, { replicated: Replicated }>({
  replicated: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of fixtures from this pattern
    async ({}, use) => {
      const mail = await startResendPeer();
      const database = await startReplicatedDatabase();
      const relays: Relay[] = [];
      for (const { port } of database.nodes)
        relays.push(await startRelay(() => ({ host: "127.0.0.1", port })));
      const hosts = relays.map(({ port }) => `127.0.0.1:${port}`);
      const settings = {
        DATABASE_URL: `postgres://${database.user}@${hosts.reverse()}/${database.database}?target_session_attrs=read-write`,
        MAIL_TRANSPORT: "resend",
        RESEND_API_KEY: "re_only_these_tests",
        RESEND_BASE_URL: mail.url,
        MAIL_FROM: "Keyturn <login@example.com>",
      };
      const servers: [Server, Server] = [await startServer(settings), await startServer(settings)];
      const relayOf = (node: Node) => relays[database.nodes.indexOf(node)] as Relay;
      await use({ database, relayOf, servers, mail });
      for (const server of servers) await server.stop();
      for (const relay of relays) await relay.close();
      await database.stop();
      await mail.stop();
    },
    { scope: "worker", timeout: 180_000 },
  ],
});

/** Does `act` while people work, and then looks whether all that was acknowledged to them before and after holds. */
async function whilePeopleWork({ servers, mail }: Replicated, act: () => Promise<void>): Promise<AtWork> {
  const work = await startPeople(servers);
  try {
    await advance(work);
    await act();
    await advance(work);
  } finally {
    await work.stop();
  }
  const { db } = await servers[0].app();
  await expect.poll(() => databaseTime(db).catch(() => null), { timeout: 20_000 }).not.toBeNull();
  await expectNothingLost(servers[0], work.load);
  await expectPromisesKept(servers, work);
  const codesTo = () =>
    [...mail.sent.values()]
      .filter(({ mail: { text } }) => CODE_ON_A_LINE.test(text))
      .map(({ mail: { to } }) => to);
  const missing = () => {
    const mailed = codesTo();
    const times = (list: string[], address: string) => list.filter((one) => one === address).length;
    return work.promisedCode.filter((address) => times(mailed, address) < times(work.promisedCode, address));
  };
  await expect.poll(missing, { timeout: 20_000 }).toEqual([]);
  return work;
}

/** Waits until everybody has been acknowledged something more. */
async function advance({ load, loggedOut, promisedCode }: AtWork): Promise<void> {
  const before = { loggedOut: loggedOut.length, promisedCode: promisedCode.length };
  await load.advance(TURNS);
  const more = () => Math.min(loggedOut.length - before.loggedOut, promisedCode.length - before.promisedCode);
  await expect.poll(more, { timeout: 45_000, intervals: [50] }).toBeGreaterThan(0);
}

function tell(what: string, { load, loggedOut, handedOut, promisedCode }: AtWork): void {
  const broken = load.chains.flatMap((chain) => chain.broken).length;
  console.log(
    `${what}: the longest refresh took ${load.longestMs()} ms; ${load.turns()} refreshes, ${handedOut.length + loggedOut.length} log-ins, ` +
      `${loggedOut.length} log-outs and ${promisedCode.length} codes acknowledged; ${load.refusals()} × 503, ${broken} without answer.`,
  );
}

test("the primary is killed, the standby takes over, and nobody loses anything that was acknowledged", async ({
  replicated,
}) => {
  const { database } = replicated;
  await database.synchronous();
  const first = await database.primary("primary");
  const work = await whilePeopleWork(replicated, async () => {
    first.kill();
    expect(await database.primary("wait_primary")).not.toBe(first);
  });
  tell("Primary killed", work);
  expect(work.load.chains.flatMap(({ broken }) => broken)).toEqual([]);
});

test("the old primary comes back as a standby, and takes over when the other vanishes without a word", async ({
  replicated,
}) => {
  const { database, relayOf } = replicated;
  const gone = database.nodes.find((node) => !node.runs());
  const back = await whilePeopleWork(replicated, async () => {
    gone?.start();
    await database.synchronous();
  });
  tell("Old primary back as a standby", back);
  expect(back.load.chains.flatMap(({ broken }) => broken)).toEqual([]);

  const second = await database.primary("primary");
  const work = await whilePeopleWork(replicated, async () => {
    relayOf(second).silence();
    second.kill();
    expect(await database.primary("wait_primary")).toBe(gone);
  });
  tell("Primary gone without a word", work);
});

test("a network that forgets its connections without a word costs a pause, and nobody's session", async ({
  replicated,
}) => {
  const { database, relayOf } = replicated;
  const relay = relayOf(await database.primary());
  const work = await whilePeopleWork(replicated, async () => {
    relay.silence();
    relay.speak();
  });
  tell("Connections forgotten", work);
  expect(work.load.longestMs()).toBeLessThan(SILENCE_MS + 6_000);
});
