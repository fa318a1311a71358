import { createVerifier } from "@keyturn/verify";
import { addTo, browserOf, tokensFor } from "../e2e/kit/applications.ts";
import { startExample } from "../e2e/kit/examples.ts";
import { send } from "../e2e/kit/http.ts";
import { makePerson } from "../e2e/kit/people.ts";
import { startServer } from "../e2e/kit/server.ts";
import { expect, test } from "../e2e/oauth/fixtures.ts";
import { originOf } from "../e2e/pages/fixtures.ts";
import { freePort, ownOrigin } from "../e2e/pages/own-origin.ts";

/** What is promised to services, restarts included (contract §10). */
const WITHIN_MS = 2_000;
/** Debian's own, which brings Django REST framework and PyJWT. */
const PYTHON = "/usr/bin/python3";

test("a Django service refuses who logged out within two seconds, and nobody else", async ({
  keyturnWith,
}) => {
  const keyturn = await keyturnWith("ES256");
  const service = await addTo(keyturn, { name: "The API", confidential: true });
  const shop = await addTo(keyturn);
  const port = String(await freePort());
  const api = { origin: `http://localhost:${port}` };
  const settings = {
    KEYTURN_URL: originOf(keyturn),
    CLIENT_ID: service.client_id,
    CLIENT_SECRET: service.secret,
    PYTHONUNBUFFERED: "1",
  };
  const command = [PYTHON, "-u", "-B", "manage.py", "runserver", "--noreload", `localhost:${port}`];
  const example = await startExample("django-api", settings, /Quit the server/, command);
  try {
    const [leaves, stays] = await Promise.all(
      [1, 2].map(async () => tokensFor(keyturn, await browserOf(keyturn, await makePerson(keyturn)), shop)),
    );
    const ask = async (bearer = "") => (await send(api, "GET /orders", { bearer })).status;
    await expect.poll(() => ask(leaves?.access_token)).toBe(200);
    expect(await ask(stays?.access_token)).toBe(200);
    await send(keyturn, "POST /oauth/revoke", {
      form: { client_id: shop.client_id, token: leaves?.access_token ?? "" },
    });
    await expect.poll(() => ask(leaves?.access_token), { timeout: WITHIN_MS }).toBe(401);
    expect(await ask(stays?.access_token)).toBe(200);
  } finally {
    await example.stop();
  }
});

test("a Node service refuses who logged out within two seconds, before and after Keyturn starts anew", async ({
  keyturnWith,
}) => {
  const signing = await keyturnWith("ES256");
  const settings = { ...signing.variables, ...(await ownOrigin()) };
  const first = await startServer(settings);
  const service = await addTo(first, { name: "The API", confidential: true });
  const shop = await addTo(first);
  const verifier = createVerifier({
    issuer: originOf(first),
    keys: `${originOf(first)}/.well-known/jwks.json`,
    revocations: {
      url: originOf(first),
      id: service.client_id,
      secret: service.secret,
      whenStale: "refuse",
      onFault() {},
    },
  });
  const fate = (token: string) =>
    verifier.verify(token).then(
      () => "let in",
      ({ reason, code }) => reason ?? code,
    );
  const logOut = (keyturn: { origin: string }, token: string) =>
    send(keyturn, "POST /oauth/revoke", { form: { client_id: shop.client_id, token } });
  try {
    await verifier.ready();
    const tokens = [];
    for (let person = 0; person < 3; person += 1) {
      const browser = await browserOf(first, await makePerson(first));
      tokens.push((await tokensFor(first, browser, shop)).access_token);
    }
    const [one = "", other = "", stays = ""] = tokens;
    expect(await Promise.all(tokens.map(fate))).toEqual(["let in", "let in", "let in"]);
    await logOut(first, one);
    await expect.poll(() => fate(one), { timeout: WITHIN_MS }).toBe("logged_out");

    await first.stop();
    expect(await fate(one)).toBe("logged_out");
    const second = await startServer(first.variables);
    await logOut(second, other);
    await expect.poll(() => fate(other), { timeout: WITHIN_MS }).toBe("logged_out");
    expect(await fate(stays)).toBe("let in");
    await second.stop();
  } finally {
    verifier.close();
    await first.stop();
  }
});
