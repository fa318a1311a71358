import { refreshChains } from "./kit/chains.ts";
import { load } from "./kit/load.ts";
import { type Findings, grouped, milliseconds, ratioRow } from "./kit/report.ts";
import { addPeople, addSessions, pickHolders, settle } from "./kit/seed.ts";
import { alternate, compare, type Round } from "./kit/statistics.ts";
import { type World, withWorld } from "./kit/world.ts";

const CHAINS = 16;
/** Each chain goes round 60 sessions, picked at random over the whole table. */
const CHAINED = 16 * 60;
/** So many more, each refreshed hardly twice: nearly every refresh meets a page that nobody asked for lately. */
const SCATTERED = 20_000;
const ROUNDS = 9;
const ROUND_MS = 1_200;

/** A refresh with a million sessions in the table takes at most 1.2 times what it takes with a thousand. */
export function measureTableSize(): Promise<Findings> {
  return withWorld((small) =>
    withWorld(async (large) => {
      await fill(small, 1_000, 1);
      await fill(large, 10_000, 100);
      const scattered = await pickHolders(large.app, "owner", CHAINED + SCATTERED);
      const smallChains = refreshChains(await pickHolders(small.app, "owner", CHAINED), CHAINS);
      const largeChains = refreshChains(scattered.slice(0, CHAINED), CHAINS);
      const coldChains = refreshChains(scattered.slice(CHAINED), CHAINS);
      const { thousand, million, cold } = await alternate(ROUNDS, {
        thousand: () => load(small.port, smallChains, { milliseconds: ROUND_MS }),
        million: () => load(large.port, largeChains, { milliseconds: ROUND_MS }),
        cold: () => load(large.port, coldChains, { milliseconds: ROUND_MS }),
      });
      const what = "Refresh with 1,000,000 sessions, beside 1,000";
      const eachMs = (round: Round) => 1000 / round.perSecond;
      const middle = (round: Round) => round.p50Ms;
      return {
        rows: [
          ratioRow(`${what}: time each`, compare(million, thousand, eachMs), milliseconds, { atMost: 1.2 }),
          ratioRow(`${what}: p50`, compare(million, thousand, middle), milliseconds, { atMost: 1.2 }),
          ratioRow(
            `${what}: p50 over ${grouped(SCATTERED)} of them`,
            compare(cold, thousand, middle),
            milliseconds,
            null,
          ),
        ],
        notes: [
          `${what}: ${CHAINS} chains over ${CHAINED} sessions in both, picked at random over the table.`,
        ],
      };
    }),
  );
}

async function fill({ app }: World, people: number, sessionsEach: number): Promise<void> {
  await addPeople(app, "owner", people);
  await addSessions(app, "owner", sessionsEach);
  await settle(app);
}
