import { expect, test } from "../fixtures.ts";
import { expectAnswer, refused } from "../kit/expect-answer.ts";
import { send } from "../kit/http.ts";
import type { Pair } from "../kit/people.ts";
import { expectLoggedIn, expired } from "./expired.ts";

const KEY = "a-key-that-the-client-made-before";

test("an answer that was lost: with a key the client has its pair again", async ({ server }) => {
  const { refresh } = await expired(server);
  const ask = () =>
    send(server, "POST /api/token/refresh", { json: { refresh }, headers: { "idempotency-key": KEY } });
  await ask();
  const again = await ask();
  expect(again.status).toBe(200);
  await expectLoggedIn(server, again.body as Pair);
});

test("an answer that was lost, asked for again at once without a key: refused, and nothing ends", async ({
  server,
}) => {
  const { refresh } = await expired(server);
  const won = await send(server, "POST /api/token/refresh", { json: { refresh } });
  const again = await send(server, "POST /api/token/refresh", { json: { refresh } });
  expectAnswer(again, 401, refused("Token is blacklisted", "rotated"));
  await expectLoggedIn(server, won.body as Pair);
});

test("a client that keeps only the access token is refused at its second refresh, at once without harm", async ({
  server,
}) => {
  const kept = await expired(server);
  const { access } = (await send(server, "POST /api/token/refresh", { json: { refresh: kept.refresh } }))
    .body as Pair;
  const second = await send(server, "POST /api/token/refresh", { json: { refresh: kept.refresh } });
  expectAnswer(second, 401, refused("Token is blacklisted", "rotated"));
  expect((await send(server, "GET /api/me", { bearer: access })).status).toBe(200);
});
