import { setTimeout as pause } from "node:timers/promises";
import { randomToken } from "@/lib/base/crypto.ts";
import { type Answer, type Sending, send } from "../kit/http.ts";
import { claimsOf, type Pair, type Person } from "../kit/people.ts";
import type { Random } from "./random.ts";
import type { Tally } from "./tally.ts";

/** Where front ends of these tests come from. */
export const FRONT_END = "https://app.example.com";
const COOKIE = "keyturn_refresh";
const PATIENCE_MS = 3_000;
const THINK_MS = [30, 300] as const;
const ODDS = { answerLost: 0.1, impatient: 0.03, doubled: 0.1, logOut: 0.04, logOutEverywhere: 0.01 };
const THEFT_EVERY_MS = [300, 1_500] as const;

/** One session as its holder sees it; a thief looks on. */
type Holding = {
  session: string;
  holder: string;
  token: string;
  spent: string[];
  /** Somebody else has, or may have, a copy of one of its tokens. */
  stolen: boolean;
};

export type Stage = {
  random: Random;
  tally: Tally;
  going(): boolean;
  origin(): { origin: string };
  /** What apps hold at the moment. */
  held: Set<Holding>;
  /** Sessions whose end was acknowledged, or that somebody stole from, each with its newest token. */
  ended: Map<string, string>;
  /** Sessions that must stand at the end, each with its newest acknowledged token. */
  standing: Map<string, string>;
};

/** Sends once; null when nothing usable came back, so that it is to be sent again as it was. */
async function attempt(stage: Stage, call: string, sending: Sending): Promise<Answer | null> {
  const { random, tally } = stage;
  const lost = random.chance(ODDS.answerLost);
  const withinMs = random.chance(ODDS.impatient) ? random.between(1, 30) : PATIENCE_MS;
  const answer = await send(stage.origin(), call, { ...sending, withinMs }).catch(() => null);
  tally.count(answer ? "answers" : "connections broken");
  if (!answer || tally.look(call, answer) === "not now") return null;
  if (lost) tally.count("answers lost");
  return lost ? null : answer;
}

/** Sends until it is answered, twice at once now and then: the same, or what a browser would by then. */
async function insist(stage: Stage, call: string, sent: Sending | (() => Sending)): Promise<Answer> {
  for (;;) {
    const sending = typeof sent === "function" ? sent() : sent;
    if (stage.random.chance(ODDS.doubled)) {
      stage.tally.count("requests doubled");
      const both = await Promise.all([attempt(stage, call, sending), attempt(stage, call, sending)]);
      const answer = both.find((one) => one?.status === 200) ?? both.find((one) => one !== null);
      if (answer) return answer;
    } else {
      const answer = await attempt(stage, call, sending);
      if (answer) return answer;
    }
    await pause(stage.random.between(...THINK_MS));
  }
}

async function enterAs(stage: Stage, { email, password }: Person, userAgent: string): Promise<Pair> {
  const headers = { "user-agent": userAgent };
  const answer = await insist(stage, "POST /api/token", { json: { email, password }, headers });
  if (answer.status !== 200) throw new Error(`a log-in was answered ${answer.status}: ${answer.text}`);
  stage.tally.count("log-ins");
  return answer.body as Pair;
}

const reasonOf = (answer: Answer) => String((answer.body as { reason?: string } | undefined)?.reason);

/** A mobile app: refreshes under an Idempotency-Key, and logs out now and then, here or everywhere. */
export async function runApp(stage: Stage, person: Person): Promise<void> {
  const { random, tally } = stage;
  const userAgent = `app of ${person.email}`;
  while (stage.going()) {
    let pair = await enterAs(stage, person, userAgent);
    const session = String(claimsOf(pair.refresh).sid);
    const holding: Holding = { session, holder: userAgent, token: pair.refresh, spent: [], stolen: false };
    stage.held.add(holding);
    for (let over = false; !over && stage.going(); ) {
      await pause(random.between(...THINK_MS));
      if (!holding.stolen && random.chance(ODDS.logOut + ODDS.logOutEverywhere)) {
        stage.held.delete(holding);
        await leave(stage, person, pair, userAgent);
        over = true;
        continue;
      }
      const headers = { "idempotency-key": randomToken(24), "user-agent": userAgent };
      const answer = await insist(stage, "POST /api/token/refresh", {
        json: { refresh: pair.refresh },
        headers,
      });
      if (answer.status === 200) {
        holding.spent.push(pair.refresh);
        pair = answer.body as Pair;
        holding.token = pair.refresh;
        tally.count("refreshes");
        tally.handedOut(session, Number(claimsOf(pair.refresh).gen), userAgent);
        continue;
      }
      over = true;
      if (holding.stolen) tally.count("victims told");
      else tally.fault("false log-outs", `${userAgent}, ${session}: ${answer.status} ${answer.text}`);
    }
    stage.held.delete(holding);
    if (!stage.going() && !holding.stolen && !stage.ended.has(session))
      stage.standing.set(session, holding.token);
  }
}

async function leave(stage: Stage, person: Person, pair: Pair, userAgent: string): Promise<void> {
  const everywhere = stage.random.chance(ODDS.logOutEverywhere / (ODDS.logOut + ODDS.logOutEverywhere));
  const others = everywhere
    ? [await enterAs(stage, person, userAgent), await enterAs(stage, person, userAgent)]
    : [];
  const call = everywhere ? "POST /logout_token" : "POST /api/logout";
  const json = everywhere ? { json: { all: "1" } } : {};
  const answer = await insist(stage, call, {
    bearer: pair.access,
    headers: { "user-agent": userAgent },
    ...json,
  });
  // Whoever asks again after a lost answer is told that their session has ended.
  if (answer.status !== 200 && answer.status !== 401)
    stage.tally.fault("strange answers", `${call}: ${answer.status} ${answer.text}`);
  stage.tally.count(everywhere ? "log-outs everywhere" : "log-outs");
  for (const { refresh } of [pair, ...others]) stage.ended.set(String(claimsOf(refresh).sid), refresh);
}

/** Some tabs of one browser, with one jar of cookies and one key for each token, which refresh when they like. */
export async function runBrowser(stage: Stage, person: Person, tabs: number): Promise<void> {
  const userAgent = `browser of ${person.email}`;
  const headers = { origin: FRONT_END, "user-agent": userAgent, "x-token-delivery": "cookie" };
  const { email, password } = person;
  const entered = await insist(stage, "POST /api/token", { json: { email, password }, headers });
  const jar = { token: cookieOf(entered), key: randomToken(24) };
  const session = String(claimsOf(jar.token).sid);

  async function runTab(): Promise<void> {
    while (stage.going()) {
      await pause(stage.random.between(...THINK_MS));
      const answer = await insist(stage, "POST /api/token/refresh", () => ({
        headers: { ...headers, cookie: `${COOKIE}=${jar.token}`, "idempotency-key": jar.key },
      }));
      if (answer.status === 200) {
        const token = cookieOf(answer);
        const generation = Number(claimsOf(token).gen);
        stage.tally.count("refreshes of tabs");
        stage.tally.handedOut(session, generation, userAgent);
        if (generation > Number(claimsOf(jar.token).gen)) Object.assign(jar, { token, key: randomToken(24) });
      } else if (reasonOf(answer) === "rotated") {
        stage.tally.count("tabs that came second");
      } else {
        stage.tally.fault("false log-outs", `${userAgent}, ${session}: ${answer.status} ${answer.text}`);
        return;
      }
    }
  }

  await Promise.all(Array.from({ length: tabs }, runTab));
  stage.standing.set(session, jar.token);
}

function cookieOf({ headers, status, text }: Answer): string {
  const line = headers["set-cookie"]?.find((one) => one.startsWith(`${COOKIE}=ey`));
  const token = line?.slice(COOKIE.length + 1).split(";")[0];
  if (!token) throw new Error(`no cookie came with ${status}: ${text}`);
  return token;
}

/** Copies a token of an app now and then: one that was spent, or the newest, and then uses it as if it were theirs. */
export async function runThief(stage: Stage): Promise<void> {
  const { random, tally } = stage;
  const headers = { "user-agent": "a thief's tool" };
  while (stage.going()) {
    await pause(random.between(...THEFT_EVERY_MS));
    const chosen = [...stage.held].filter(({ stolen, spent }) => !stolen && spent.length > 0);
    if (chosen.length === 0 || !stage.going()) continue;
    const victim = random.pick(chosen);
    victim.stolen = true;
    const newest = random.chance(0.5);
    const copy = newest ? victim.token : random.pick(victim.spent);
    const answer = await insist(stage, "POST /api/token/refresh", { json: { refresh: copy }, headers });
    tally.count(newest ? "thefts of the newest token" : "thefts of a spent token");
    stage.ended.set(victim.session, victim.token);
    const won = answer.status === 200;
    if (won)
      tally.handedOut(
        victim.session,
        Number(claimsOf((answer.body as Pair).refresh).gen),
        headers["user-agent"],
      );
    if (won && !newest) tally.fault("thefts unseen", `a spent token of ${victim.session} was taken`);
    // One who took the newest token and asks again has "rotated" it; the victim's next refresh finds that out.
    const told = reasonOf(answer) === "token_reused" || (newest && reasonOf(answer) === "rotated");
    if (!won && !told) tally.fault("thefts unseen", `${victim.session}: ${answer.status} ${answer.text}`);
  }
}
