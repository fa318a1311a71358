import { addTo, basic, browserOf, codeFor, exchange, type Tokens, tokensFor } from "../kit/applications.ts";
import { send } from "../kit/http.ts";
import { makePerson } from "../kit/people.ts";
import { expect, test } from "./fixtures.ts";

const OWN = "https://single.example.com";
const OTHERS = "https://other.example.com";
const STRANGERS = [
  "https://single.example.com.evil.example",
  "http://single.example.com",
  "https://single.example.com:8443",
  "http://localhost:5174",
  "null",
];

function mayRead(headers: Record<string, unknown>): unknown {
  expect(headers).not.toHaveProperty("access-control-allow-credentials");
  return headers["access-control-allow-origin"];
}

test("an answer is read by pages of the client that it is for, and by no others, whoever is logged in there", async ({
  site,
}) => {
  const person = await makePerson(site);
  const browser = await browserOf(site, person);
  const client = await addTo(site, { redirect_addresses: [`${OWN}/back`, "http://localhost:5173/"] });
  await addTo(site, { redirect_addresses: [`${OTHERS}/back`] });
  const back = { redirect_uri: `${OWN}/back` };
  const redemption = { ...(await codeFor(site, browser, client.client_id, back)), ...back };
  const { refresh_token: token } = (await exchange(site, client, redemption)).body as Tokens;
  const form = { client_id: client.client_id, grant_type: "refresh_token", refresh_token: "none of ours" };
  for (const path of ["/oauth/token", "/oauth/revoke"]) {
    const reader = async (origin: string, fields: Record<string, string> = form) => {
      const headers = { origin, cookie: browser };
      const answer = await send(site, `POST ${path}`, {
        form: { token: "none of ours", ...fields },
        headers,
      });
      expect(answer.headers.vary).toBe("Origin");
      return mayRead(answer.headers);
    };
    expect(await reader(OWN)).toBe(OWN);
    expect(await reader("http://localhost:5173")).toBe("http://localhost:5173");
    for (const origin of [OTHERS, ...STRANGERS]) expect(await reader(origin), origin).toBeUndefined();
    expect(await reader(OWN, { client_id: "nobody's" }), "of no client").toBeUndefined();
    expect(await reader(OWN, { ...form, client_secret: "not its own" }), "a refusal too").toBe(OWN);
  }
  const turned = await send(site, "POST /oauth/token", {
    form: { ...form, refresh_token: token },
    headers: { origin: OWN },
  });
  expect([turned.status, mayRead(turned.headers)]).toEqual([200, OWN]);
});

test("userinfo is read by pages of the application that the token is of", async ({ site }) => {
  const browser = await browserOf(site, await makePerson(site));
  const client = await addTo(site, {
    redirect_addresses: [`${OWN}/back`, "https://shop.example.com/callback"],
  });
  await addTo(site, { redirect_addresses: [`${OTHERS}/back`] });
  const { access_token: bearer } = await tokensFor(site, browser, client);
  const reader = async (origin: string) => {
    const answer = await send(site, "GET /oauth/userinfo", { bearer, headers: { origin } });
    expect(answer.status).toBe(200);
    return mayRead(answer.headers);
  };
  expect(await reader(OWN)).toBe(OWN);
  for (const origin of [OTHERS, ...STRANGERS]) expect(await reader(origin), origin).toBeUndefined();
});

test("a preflight lets pages of every registered application pass, and nobody else's", async ({ site }) => {
  await addTo(site, { redirect_addresses: [`${OWN}/back`] });
  await addTo(site, { redirect_addresses: [`${OTHERS}/back`], confidential: true });
  for (const path of ["/oauth/token", "/oauth/revoke", "/oauth/userinfo"]) {
    const preflight = async (origin: string) => {
      const asked = {
        "access-control-request-method": "POST",
        "access-control-request-headers": "authorization,idempotency-key",
      };
      const answer = await send(site, `OPTIONS ${path}`, { headers: { origin, ...asked } });
      expect(answer.status).toBe(204);
      expect(answer.headers["access-control-allow-headers"]).toContain("idempotency-key");
      return mayRead(answer.headers);
    };
    for (const origin of [OWN, OTHERS]) expect(await preflight(origin)).toBe(origin);
    for (const origin of STRANGERS.filter((each) => !each.includes("localhost")))
      expect(await preflight(origin), origin).toBeUndefined();
  }
});

test("metadata and keys are read by any page, without cookies, and a confidential client's secret gives no page more", async ({
  site,
}) => {
  const client = await addTo(site, { confidential: true });
  for (const name of ["openid-configuration", "oauth-authorization-server", "jwks.json"]) {
    for (const method of ["GET", "OPTIONS"]) {
      const headers = { origin: "https://anybody.example", "access-control-request-method": "GET" };
      const answer = await send(site, `${method} /.well-known/${name}`, { headers });
      expect(mayRead(answer.headers), `${method} ${name}`).toBe("*");
    }
  }
  const asked = await send(site, "POST /oauth/introspect", {
    form: { token: "none of ours" },
    headers: { origin: "https://anybody.example", ...basic(client) },
  });
  expect(asked.status).toBe(200);
  expect(mayRead(asked.headers)).toBeUndefined();
});
