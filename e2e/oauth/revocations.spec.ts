import { epochSeconds } from "@/lib/base/clock.ts";
import { addTo, basic } from "../kit/applications.ts";
import { type Answer, send } from "../kit/http.ts";
import { claimsOf, logIn, makePerson } from "../kit/people.ts";
import { type Server, startServer } from "../kit/server.ts";
import { expect, test } from "./fixtures.ts";

type Heard = { results: { sid: string; sub: string; reason: string; until: string }[]; next: string };

/** Asks as an application with a secret of its own. */
async function reader(server: Server) {
  const headers = basic(await addTo(server, { confidential: true }));
  return (at: Server, query = ""): Promise<Answer> => send(at, `GET /api/revocations${query}`, { headers });
}

test("a service hears of a log-out in one process from the other, for which it waited", async () => {
  const one = await startServer();
  const two = await startServer(one.variables);
  const ask = await reader(one);
  const { next } = (await ask(two)).body as Heard;
  const tokens = await logIn(one, await makePerson(one));
  const heard = ask(two, `?after=${next}&wait=25`);
  await send(one, "POST /logout_token", {
    bearer: tokens.access,
    json: { refresh_token: tokens.refresh },
  });
  const { sid, sub, exp } = claimsOf(tokens.access);
  const { body, headers } = await heard;
  expect(body).toMatchObject({ results: [{ sid, sub, user_id: sub, reason: "logged_out" }], complete: true });
  const [{ until = "" } = {}] = (body as Heard).results;
  expect(epochSeconds(new Date(until))).toBeGreaterThanOrEqual(Number(exp));
  expect(headers).toMatchObject({ "cache-control": "no-store" });
  expect((await ask(one, `?after=${(body as Heard).next}`)).body).toMatchObject({ results: [] });

  const waits = ask(two, `?after=${(body as Heard).next}&wait=25`);
  await ask(two);
  expect(await two.stop()).toBe(0);
  expect(await waits).toMatchObject({ status: 200, body: { results: [], complete: true } });
  await one.stop();
});

test("nobody hears anything without an application's secret", async ({ site }) => {
  const known = await addTo(site, { confidential: true });
  const open = await addTo(site);
  const { access } = await logIn(site, await makePerson(site));
  const attempts: Record<string, string>[] = [
    {},
    { authorization: `Bearer ${access}` },
    { authorization: "Basic" },
    basic({ ...known, secret: "wrong" }),
    basic({ ...known, secret: "" }),
    basic(open),
    basic({ ...open, secret: "x" }),
    basic({ ...known, client_id: "nobody" }),
  ];
  for (const headers of attempts)
    expect(await send(site, "GET /api/revocations", { headers })).toMatchObject({
      status: 401,
      body: { code: "not_authenticated" },
      headers: { "www-authenticate": 'Basic realm="api"' },
    });
});

test("a query that says nothing sensible is refused", async ({ site }) => {
  const ask = await reader(site);
  for (const query of [
    "?after=x",
    "?wait=26",
    "?wait=-1",
    "?wait=x",
    "?wait=",
    "?after=&wait=1",
    "?wait=1&wait=1",
  ])
    expect([query, await ask(site, query)]).toMatchObject([
      query,
      { status: 400, body: { code: "bad_request" } },
    ]);
});
