import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { addTo, browserOf, tokensFor } from "../e2e/kit/applications.ts";
import { startExample } from "../e2e/kit/examples.ts";
import { send } from "../e2e/kit/http.ts";
import { makePerson } from "../e2e/kit/people.ts";
import { expect, test } from "../e2e/oauth/fixtures.ts";
import { originOf } from "../e2e/pages/fixtures.ts";
import { freePort } from "../e2e/pages/own-origin.ts";

/** Debian's own, which brings Django REST framework and PyJWT. */
const PYTHON = "/usr/bin/python3";

test("the Django API takes access tokens and nothing else that we sign, and asks before what matters", async ({
  keyturnWith,
}) => {
  const keyturn = await keyturnWith("ES256");
  const port = String(await freePort());
  const api = { origin: `http://localhost:${port}` };
  const command = [PYTHON, "-u", "-B", "manage.py", "runserver", "--noreload", `localhost:${port}`];
  const settings = { KEYTURN_URL: originOf(keyturn), PYTHONUNBUFFERED: "1" };
  const example = await startExample("django-api", settings, /Quit the server/, command);
  try {
    const person = await makePerson(keyturn);
    const client = await addTo(keyturn);
    const tokens = await tokensFor(keyturn, await browserOf(keyturn, person), client);
    const ask = (call: string, bearer: string) => send(api, call, { bearer });
    await expect
      .poll(async () => (await ask("GET /orders", tokens.access_token)).body)
      .toEqual({
        person: person.id,
        orders: ["one teapot"],
      });
    const forged = `${tokens.access_token.slice(0, -4)}AAAA`;
    for (const bearer of [tokens.id_token ?? "", tokens.refresh_token, forged, "none-of-ours", ""])
      expect(await ask("GET /orders", bearer)).toMatchObject({
        status: 401,
        headers: { "www-authenticate": "Bearer" },
      });
    expect((await send(api, "GET /orders")).status).toBe(401);

    expect((await ask("POST /pay", tokens.access_token)).status).toBe(200);
    await send(keyturn, "POST /oauth/revoke", {
      form: { client_id: client.client_id, token: tokens.access_token },
    });
    expect((await ask("POST /pay", tokens.access_token)).status).toBe(403);
    expect((await ask("GET /orders", tokens.access_token)).status).toBe(200);
  } finally {
    await example.stop();
  }
});

test("keyturn_drf.py keeps what it promises to other services, with Keyturn there and away", async () => {
  const cwd = join(import.meta.dirname, "../packages/django");
  const { stderr } = await promisify(execFile)(PYTHON, ["-B", "-m", "unittest"], { cwd });
  expect(stderr).toMatch(/Ran \d{2,} tests in .+\n\nOK\n/);
});
