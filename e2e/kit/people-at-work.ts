import { setTimeout as pause } from "node:timers/promises";
import { expect } from "@playwright/test";
import { type Load, startLoad } from "./chains.ts";
import { type Answer, send } from "./http.ts";
import { enter, makePerson, type Pair, type Person } from "./people.ts";
import type { Server } from "./server.ts";

const CHAINS = 6;
const COMERS = 3;
/** Each of them gets a code again and again, up to ten mails an hour. */
const CODE_PEOPLE = 8;
const CODE_EVERY_MS = 600;
const BETWEEN_LOG_INS_MS = 100;
/** Of so many log-ins all but one end again, so that nobody has more sessions than an account may. */
const KEEP_ONE_OF = 8;
const AGAIN_AFTER_MS = 100;

/** What was acknowledged to people, and must hold whatever happened since. */
export type AtWork = {
  load: Load;
  /** Refresh tokens that somebody was handed and has not used. */
  handedOut: string[];
  /** Refresh tokens whose log-out was acknowledged. */
  loggedOut: string[];
  /** Whom a log-in told that a code is on its way, once for each that was. */
  promisedCode: string[];
  /** Lets what is under way end, and fails if any answer was none that a client can live with. */
  stop(): Promise<void>;
};

/**
 * Clients that refresh, people who log in and out again, and people whose log-in asks for a code, all of them in turn
 * on both servers. What was refused for now or broke off they send again.
 */
export async function startPeople(servers: [Server, Server]): Promise<AtWork> {
  const tokens: string[] = [];
  while (tokens.length < CHAINS) tokens.push((await enter(servers[0])).refresh);
  const comers: Person[] = [];
  while (comers.length < COMERS) comers.push(await makePerson(servers[0]));
  const codePeople: Person[] = [];
  while (codePeople.length < CODE_PEOPLE)
    codePeople.push(await makePerson(servers[0], { twoFactorEmail: true }));

  const load = startLoad(servers, tokens);
  const work: AtWork = { load, handedOut: [], loggedOut: [], promisedCode: [], stop: async () => {} };
  let going = true;
  const lanes = Promise.all([
    ...comers.map((comer) => comeAndGo(servers, comer, work, () => going)),
    askForCodes(servers, codePeople, work, () => going),
  ]);
  lanes.catch(() => {
    going = false;
  });
  work.stop = async () => {
    going = false;
    await load.stop();
    await lanes;
  };
  return work;
}

/** Everything that was acknowledged still holds, on both servers. */
export async function expectPromisesKept(servers: [Server, Server], work: AtWork): Promise<void> {
  for (const server of servers) {
    for (const token of work.handedOut) {
      const answer = await send(server, "POST /api/token/verify", { json: { token } });
      expect(answer.status, "a session that was begun is there").toBe(200);
    }
    for (const refresh of work.loggedOut) {
      const answer = await send(server, "POST /api/token/refresh", { json: { refresh } });
      expect(answer.body, "a log-out holds").toMatchObject({ code: "token_not_valid", reason: "logged_out" });
    }
  }
}

async function comeAndGo(servers: Server[], person: Person, work: AtWork, going: () => boolean) {
  for (let turn = 0; going(); turn += 1) {
    const json = { email: person.email, password: person.password };
    const entered = await untilAnswered(servers, "POST /api/token", () => ({ json }));
    expect(entered.status, entered.text).toBe(200);
    const { access, refresh } = entered.body as Pair;
    if (turn % KEEP_ONE_OF === 0) {
      work.handedOut.push(refresh);
    } else {
      const left = await untilAnswered(servers, "POST /api/logout", () => ({ bearer: access }));
      expect(left.status, left.text).toBe(200);
      work.loggedOut.push(refresh);
    }
    await pause(BETWEEN_LOG_INS_MS);
  }
}

async function askForCodes(servers: Server[], people: Person[], work: AtWork, going: () => boolean) {
  for (let turn = 0; going(); turn += 1) {
    const { email, password } = people[turn % people.length] as Person;
    const answer = await untilAnswered(servers, "POST /api/token", () => ({ json: { email, password } }));
    expect(answer.body, answer.text).toMatchObject({ code: "two_factor_required" });
    work.promisedCode.push(email);
    await pause(CODE_EVERY_MS);
  }
}

/** Sends the same until something else is answered than that it can't be done now. */
async function untilAnswered(
  servers: Server[],
  call: string,
  sending: () => Parameters<typeof send>[2],
): Promise<Answer> {
  for (let turn = 0; ; turn += 1) {
    const server = servers[turn % servers.length] as Server;
    const answer = await send(server, call, sending()).catch(() => null);
    if (answer && answer.status !== 503) return answer;
    await pause(AGAIN_AFTER_MS);
  }
}
