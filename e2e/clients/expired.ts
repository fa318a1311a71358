import { expect } from "../fixtures.ts";
import { resign } from "../kit/forge.ts";
import { send } from "../kit/http.ts";
import { claimsOf, enter, type Pair } from "../kit/people.ts";
import type { Server } from "../kit/server.ts";

/** Where a front end keeps its tokens, as `localStorage` would. */
export type Kept = { access: string; refresh: string };

/** What somebody's front end holds when they come back to it: a session that lives, an access token that has run out. */
export async function expired(server: Server): Promise<Kept> {
  const { access, refresh } = await enter(server);
  const past = Number(claimsOf(access).iat) - 1;
  return { access: resign(server.variables.SECRET_KEY ?? "", access, { exp: past }), refresh };
}

/** Five calls at the same moment: how many got through, once all have ended in one way or another. */
export async function fiveAtOnce(call: () => PromiseLike<unknown>): Promise<number> {
  const ended = await Promise.allSettled(Array.from({ length: 5 }, async () => call()));
  return ended.filter(({ status }) => status === "fulfilled").length;
}

/** Asserts that the front end is still logged in with what it keeps: it can call, refresh, and call again. */
export async function expectLoggedIn(server: Server, kept: Kept): Promise<void> {
  expect((await send(server, "GET /api/me", { bearer: kept.access })).status).toBe(200);
  const answer = await send(server, "POST /api/token/refresh", { json: { refresh: kept.refresh } });
  expect(answer.status, answer.text).toBe(200);
  const { access } = answer.body as Pair;
  expect((await send(server, "GET /api/me", { bearer: access })).status).toBe(200);
}
