import { authenticate } from "@/lib/auth/sessions/authenticate.ts";
import { logOutEverywhere } from "@/lib/auth/sessions/log-out.ts";
import { systemClock } from "@/lib/base/clock.ts";
import { requestText } from "./kit/keep-alive.ts";
import { ask } from "./kit/load.ts";
import { type Findings, factRow, milliseconds, ratioRow } from "./kit/report.ts";
import { addPeople, addSessions, pickHolders, settle } from "./kit/seed.ts";
import { recordStatements } from "./kit/statements.ts";
import { alternate, compare } from "./kit/statistics.ts";
import { type World, withWorld } from "./kit/world.ts";

const ROUNDS = 5;
const device = { ip: "127.0.0.1", userAgent: "bench" };

/**
 * Log out everywhere with 1 and 100 live sessions of a person, who can have no more.
 *
 * 1. as many SQL statements however many sessions there are
 * 2. over HTTP, time grows at most with the rows changed
 */
export function measureLogOutEverywhere(): Promise<Findings> {
  return withWorld(async (world) => {
    const counts: string[] = [];
    for (const sessions of [1, 100]) counts.push(await countStatements(world, sessions));
    await settle(world.app);
    const { one, hundred } = await alternate(ROUNDS, {
      one: () => timeLogOut(world, 1),
      hundred: () => timeLogOut(world, 100),
    });
    const what = "Log out everywhere";
    const same = new Set(counts).size === 1;
    const itself = (ms: number) => ms;
    const limit = { atMost: 100 };
    return {
      rows: [
        factRow(`${what}, SQL statements with 1 / 100`, counts.join(" / "), "the same", same),
        ratioRow(`${what}, 100 sessions, beside 1`, compare(hundred, one, itself), milliseconds, limit),
      ],
      notes: [],
    };
  });
}

let people = 0;

/** A person with that many sessions, and a token of one of them. */
async function newHolder({ app }: World, sessions: number) {
  people += 1;
  await addPeople(app, `leaver${people}`, 1);
  await addSessions(app, `leaver${people}`, sessions);
  const [holder] = await pickHolders(app, `leaver${people}`, 1);
  if (!holder) throw new Error("no session was added");
  return holder;
}

async function countStatements(world: World, sessions: number): Promise<string> {
  const { app } = world;
  const { access } = await newHolder(world, sessions);
  const now = systemClock.now();
  const caller = await authenticate({ app, now }, access);
  if (caller.kind === "failure") throw new Error(`the caller is ${caller.code}`);
  try {
    const sent = await recordStatements(app.db, () =>
      logOutEverywhere({ app, principal: caller.principal, device, now }),
    );
    return String(sent.length);
  } catch (error) {
    const { cause } = error as { cause?: { code?: string } };
    return `failed (${cause?.code})`;
  }
}

/** Not a number when the answer is not 200. */
async function timeLogOut(world: World, sessions: number): Promise<number> {
  const { access } = await newHolder(world, sessions);
  const headers = { authorization: `Bearer ${access}` };
  const startMs = performance.now();
  const { status } = await ask(world.port, requestText("POST", "/logout_token", headers, '{"all":true}'));
  return status === 200 ? performance.now() - startMs : Number.NaN;
}
