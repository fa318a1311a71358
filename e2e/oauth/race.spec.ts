import { addTo, browserOf, CALLBACK, codeFor, exchange, type Tokens } from "../kit/applications.ts";
import { type Answer, send } from "../kit/http.ts";
import { claimsOf, makePerson } from "../kit/people.ts";
import { expect, test } from "./fixtures.ts";

const AT_ONCE = 20;
const ROUNDS = 5;

test("of twenty exchanges of one code at once, over two processes, one wins, and its session is over", async ({
  site: server,
  startServer,
}) => {
  const other = await startServer({ ...server.variables, PORT: "0" });
  const person = await makePerson(server);
  const application = await addTo(server, { confidential: true });
  const browser = await browserOf(server, person);
  for (let round = 0; round < ROUNDS; round += 1) {
    const redemption = await codeFor(server, browser, application.client_id);
    const answers = await Promise.all(
      Array.from({ length: AT_ONCE }, (_, i) => exchange(i % 2 ? server : other, application, redemption)),
    );
    const won = answers.filter(({ status }) => status === 200);
    expect(won).toHaveLength(1);
    for (const lost of answers.filter((answer) => !won.includes(answer)))
      expect(lost).toMatchObject({ status: 400, body: { error: "invalid_grant" } });

    const tokens = (won[0] as Answer).body as Tokens;
    const sid = String(claimsOf(tokens.access_token).sid);
    const { db } = await server.app();
    const rows =
      await db.$client`select id, revoked_reason from sessions where application_id = ${application.client_id} and id = ${sid}`;
    expect([...rows]).toEqual([{ id: sid, revoked_reason: "token_reused" }]);
    expect((await send(other, "GET /oauth/userinfo", { bearer: tokens.access_token })).status).toBe(401);
  }
  const { db } = await server.app();
  const [made] =
    await db.$client`select count(*)::int from sessions where application_id = ${application.client_id}`;
  expect(made, "a code makes one session, however often it is shown").toEqual({ count: ROUNDS });
  const here = await send(server, "GET /api/me", { headers: { cookie: browser } });
  expect(here.status, "the browser itself stays logged in").toBe(200);
});

test("of twenty exchanges with other verifiers, none wins, and the right one still does", async ({
  site: server,
}) => {
  const person = await makePerson(server);
  const application = await addTo(server);
  const browser = await browserOf(server, person);
  const { code, verifier } = await codeFor(server, browser, application.client_id);
  const wrong = Array.from({ length: AT_ONCE }, (_, i) =>
    exchange(server, application, {
      code,
      verifier: `${verifier.slice(0, -2)}${String(i).padStart(2, "0")}`,
    }),
  );
  for (const answer of await Promise.all(wrong))
    expect(answer).toMatchObject({ status: 400, body: { error: "invalid_grant" } });
  const right = await exchange(server, application, { code, verifier, redirect_uri: CALLBACK });
  expect(right.status).toBe(200);
});
