import { setTimeout as pause } from "node:timers/promises";
import { expect } from "@playwright/test";
import { randomToken } from "@/lib/base/crypto.ts";
import { send } from "./http.ts";
import { claimsOf } from "./people.ts";
import type { Server } from "./server.ts";

/** What a patient client knows: its newest acknowledged token, the key of the refresh it waits for, what it met. */
type Chain = {
  token: string;
  key: string;
  turns: number;
  refusals: number;
  broken: string[];
  /** Since when it has waited for this refresh, and how long the slowest one took with all its repetitions. */
  waitsSinceMs: number;
  longestMs: number;
};

export type Load = {
  chains: Chain[];
  /** Acknowledged refreshes of all clients. */
  turns(): number;
  /** 503s of all clients. */
  refusals(): number;
  /** How long the slowest refresh took until it was acknowledged, with all its repetitions. */
  longestMs(): number;
  /** Waits until every client has been acknowledged that many times more. */
  advance(turns: number): Promise<void>;
  /** Lets what is under way end, and fails if any answer was none that a client can live with. */
  stop(): Promise<void>;
};

const PAUSE_MS = 50;
const ADVANCE_WITHIN_MS = 45_000;

/**
 * Clients that refresh without a pause, in turn over all servers, each refresh under a key of its own; what was
 * refused for now or broke off they send again as it was.
 */
export function startLoad(servers: { origin: string }[], tokens: string[]): Load {
  const chains = tokens.map(
    (token): Chain => ({
      token,
      key: "",
      turns: 0,
      refusals: 0,
      broken: [],
      waitsSinceMs: 0,
      longestMs: 0,
    }),
  );
  let going = true;
  const lanes = chains.map(async (chain, start) => {
    for (let turn = start; going; turn += 1) await takeTurn(chain, servers[turn % servers.length]);
  });
  const all = Promise.all(lanes);
  all.catch(() => {
    going = false;
  });
  const sum = (count: (chain: Chain) => number) => chains.reduce((total, chain) => total + count(chain), 0);
  return {
    chains,
    turns: () => sum(({ turns }) => turns),
    refusals: () => sum(({ refusals }) => refusals),
    longestMs: () => Math.round(Math.max(...chains.map(({ longestMs }) => longestMs))),
    async advance(turns) {
      const goals = chains.map((chain) => chain.turns + turns);
      const behind = () => chains.filter((chain, i) => chain.turns < (goals[i] ?? 0)).length;
      await expect.poll(behind, { timeout: ADVANCE_WITHIN_MS, intervals: [50] }).toBe(0);
    },
    async stop() {
      going = false;
      await all;
    },
  };
}

async function takeTurn(chain: Chain, server: { origin: string } = { origin: "" }): Promise<void> {
  if (!chain.key) {
    chain.key = randomToken(24);
    chain.waitsSinceMs = performance.now();
  }
  const sending = { json: { refresh: chain.token }, headers: { "idempotency-key": chain.key } };
  const answer = await send(server, "POST /api/token/refresh", sending).catch(
    (error: Error) => error.message,
  );
  if (typeof answer === "string") {
    chain.broken.push(answer);
  } else if (answer.status === 200) {
    chain.token = (answer.body as { refresh: string }).refresh;
    chain.key = "";
    chain.turns += 1;
    chain.longestMs = Math.max(chain.longestMs, performance.now() - chain.waitsSinceMs);
    return;
  } else if (answer.status === 503) {
    expect(answer.body).toEqual({ detail: expect.any(String), code: "unavailable" });
    expect(answer.headers["retry-after"]).toMatch(/^[1-9]\d*$/);
    chain.refusals += 1;
  } else {
    throw new Error(`a refresh was answered ${answer.status}: ${answer.text}`);
  }
  await pause(PAUSE_MS);
}

/**
 * Nothing that was acknowledged is lost and no session has split: each client's session is where its newest token
 * says, lives, and is that person's only one.
 */
export async function expectNothingLost(server: Server, { chains }: Load): Promise<void> {
  const { db } = await server.app();
  for (const { token, turns } of chains) {
    const { sid, sub, gen } = claimsOf(token);
    expect(gen).toBe(turns + 1);
    const rows =
      await db.$client`select id, generation, revoked_at from sessions where user_id = ${String(sub)}`;
    expect([...rows]).toEqual([{ id: sid, generation: gen, revoked_at: null }]);
  }
}
