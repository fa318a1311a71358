import { FRONT_END } from "../fixtures.ts";
import { type Answer, send } from "../kit/http.ts";
import { logIn, makePerson, type Pair, type Person } from "../kit/people.ts";
import type { Server } from "../kit/server.ts";
import { expect, originOf, test } from "./fixtures.ts";

type Headers = Record<string, string>;
const BY_COOKIE = { "x-token-delivery": "cookie" };
const ANY_ID = "00000000-0000-4000-8000-000000000000";

/** What a browser sends along from pages that are not ours, and what programs leave out. */
function strangers(own: string): Record<string, Headers> {
  const { port } = new URL(own);
  return {
    "a foreign Origin": { origin: "https://evil.example" },
    "a foreign Origin with a friendly Sec-Fetch-Site": {
      origin: "https://evil.example",
      "sec-fetch-site": "same-origin",
    },
    "Origin: null": { origin: "null" },
    "a sub-domain's Origin": { origin: `http://evil.localhost:${port}` },
    "our host on another port": { origin: "http://localhost:1" },
    "https instead of http": { origin: own.replace("http:", "https:") },
    "our origin with more behind it": { origin: `${own}.evil.example` },
    "http instead of a listed https": { origin: FRONT_END.replace("https:", "http:") },
    "a listed front end's sub-domain": { origin: FRONT_END.replace("://", "://evil.") },
    "an empty Origin": { origin: "" },
    "Sec-Fetch-Site: cross-site": { "sec-fetch-site": "cross-site" },
    "Sec-Fetch-Site: same-site": { "sec-fetch-site": "same-site" },
    "Sec-Fetch-Site: none": { "sec-fetch-site": "none" },
    "neither Origin nor Sec-Fetch-Site": {},
  };
}

function friends(own: string): Record<string, Headers> {
  return {
    "our own Origin": { origin: own },
    "a listed front end's Origin": { origin: FRONT_END },
    "no Origin but Sec-Fetch-Site: same-origin": { "sec-fetch-site": "same-origin" },
  };
}

/** Every call that changes something by a cookie. */
const RIDING: [call: string, json?: unknown][] = [
  ["POST /api/logout"],
  ["POST /api/token/refresh"],
  ["POST /logout_token", { all: "1" }],
  ["POST /api/logout_token", { all: "1" }],
  ["POST /api/sessions/revoke-others"],
  [`PATCH /api/sessions/${ANY_ID}`, { name: "x" }],
  [`DELETE /api/sessions/${ANY_ID}`],
  [`DELETE /api/trusted-devices/${ANY_ID}`],
  ["PUT /api/two-factor/email", { enabled: false }],
  ["POST /api/token/step-up", {}],
];

/** Cookies of a session, as a browser would send them. */
async function cookiesOf(site: Server, person: Person): Promise<string> {
  const { email, password } = person;
  const headers = { ...BY_COOKIE, origin: originOf(site) };
  const answer = await send(site, "POST /api/token", { json: { email, password }, headers });
  expect(answer.status, answer.text).toBe(200);
  return cookieHeader(answer);
}

function cookieHeader({ headers }: Answer): string {
  return (headers["set-cookie"] ?? []).map((line) => line.split(";")[0]).join("; ");
}

function only(cookie: string, name: string): string {
  return cookie.split("; ").find((pair) => pair.startsWith(`${name}=`)) ?? "";
}

/** Whether the answer takes both token cookies out of the browser. */
function clears({ headers }: Answer): boolean {
  const lines = headers["set-cookie"] ?? [];
  return ["keyturn_access=;", "keyturn_refresh=;"].every((start) =>
    lines.some((line) => line.startsWith(start) && line.includes("Max-Age=0")),
  );
}

test.describe("cookie delivery", () => {
  test("is refused to everybody but our own pages and listed front ends", async ({ site, person }) => {
    const { email, password } = person;
    const refused: string[] = [];
    for (const [name, headers] of Object.entries(strangers(originOf(site)))) {
      const answer = await send(site, "POST /api/token", {
        json: { email, password },
        headers: { ...BY_COOKIE, ...headers },
      });
      expect(answer.headers, name).not.toHaveProperty("set-cookie");
      expect({ status: answer.status, body: answer.body }, name).toMatchObject({
        status: 403,
        body: { code: "csrf_failed" },
      });
      refused.push(name);
    }
    expect(refused).toHaveLength(14);
    const { db } = await site.app();
    expect(await db.$client`select id from sessions where user_id = ${person.id}`).toHaveLength(0);
  });

  test("is granted to our own pages and listed front ends, with no token in the body", async ({
    site,
    person,
  }) => {
    const { email, password } = person;
    for (const [name, headers] of Object.entries(friends(originOf(site)))) {
      const answer = await send(site, "POST /api/token", {
        json: { email, password },
        headers: { ...BY_COOKIE, ...headers },
      });
      expect(answer.status, name).toBe(200);
      expect(answer.body).toMatchObject({
        user: { id: person.id, email },
        session: { id: expect.any(String) },
      });
      expect(answer.body).not.toHaveProperty("access");
      expect(answer.body).not.toHaveProperty("refresh");
      expect(cookieHeader(answer)).toMatch(
        /^keyturn_access=[^;]+; keyturn_refresh=[^;]+; keyturn_challenge=$/,
      );
    }
  });

  test("a form of another site logs nobody in", async ({ site, person }) => {
    const { email, password } = person;
    const form = await send(site, "POST /api/token", {
      form: { email, password },
      headers: { origin: "https://evil.example", "sec-fetch-site": "cross-site" },
    });
    expect(form.headers).not.toHaveProperty("set-cookie");
    const plain = await send(site, "POST /api/token", {
      raw: JSON.stringify({ email, password }),
      headers: { "content-type": "text/plain", origin: "https://evil.example" },
    });
    expect(plain.status).toBe(415);
  });
});

test.describe("calls that ride on a cookie", () => {
  test("are refused from anywhere but our own pages, and change nothing", async ({ site, person }) => {
    const cookie = await cookiesOf(site, person);
    const passed: string[] = [];
    for (const [name, headers] of Object.entries(strangers(originOf(site)))) {
      for (const [call, json] of RIDING) {
        const answer = await send(site, call, {
          ...(json !== undefined && { json }),
          headers: { cookie, ...headers },
        });
        const code = (answer.body as { code?: string } | undefined)?.code;
        if (answer.status !== 403 || code !== "csrf_failed" || answer.headers["set-cookie"]) {
          passed.push(`${call} with ${name}: ${answer.status} ${answer.text}`);
        }
      }
    }
    expect(passed).toEqual([]);
    expect((await send(site, "GET /api/me", { headers: { cookie } })).status).toBe(200);
  });

  test("are refused as form and text/plain posts of other sites", async ({ site, person }) => {
    const cookie = await cookiesOf(site, person);
    for (const origin of ["https://evil.example", "null"]) {
      for (const call of ["POST /logout_token", "POST /api/logout", "POST /api/token/refresh"]) {
        const form = await send(site, call, { form: { all: "1" }, headers: { cookie, origin } });
        expect([403, 415], `${call} ${form.text}`).toContain(form.status);
        const type = { "content-type": "text/plain" };
        const plain = await send(site, call, { raw: '{"all":"1"}', headers: { cookie, origin, ...type } });
        expect([403, 415], `${call} ${plain.text}`).toContain(plain.status);
      }
    }
    expect((await send(site, "GET /api/me", { headers: { cookie } })).status).toBe(200);
  });

  test("pass from our own pages and listed front ends", async ({ site, person }) => {
    for (const [name, headers] of Object.entries(friends(originOf(site)))) {
      const cookie = await cookiesOf(site, person);
      const answer = await send(site, "POST /logout_token", {
        json: { all: "1" },
        headers: { cookie, ...headers },
      });
      expect(answer.status, name).toBe(200);
      expect((await send(site, "GET /api/me", { headers: { cookie } })).status, name).toBe(401);
    }
  });

  test("a pending log-in's cookie is one of them", async ({ site, careful }) => {
    const { email, password } = careful;
    const asked = await send(site, "POST /api/token", {
      json: { email, password },
      headers: { ...BY_COOKIE, origin: originOf(site) },
    });
    expect(asked.body).toMatchObject({ code: "two_factor_required" });
    const cookie = cookieHeader(asked);
    expect(cookie).toMatch(/^keyturn_challenge=/);
    for (const [call, json] of [
      ["POST /api/token/two-factor", { code: "000000" }],
      ["POST /api/token/two-factor/resend", {}],
    ] as const) {
      const answer = await send(site, call, { json, headers: { cookie, origin: "https://evil.example" } });
      expect(answer.body).toMatchObject({ code: "csrf_failed" });
    }
  });

  test("reading needs no Origin", async ({ site, person }) => {
    const cookie = await cookiesOf(site, person);
    expect((await send(site, "GET /api/me", { headers: { cookie } })).body).toMatchObject({ id: person.id });
    expect((await send(site, "GET /api/sessions", { headers: { cookie } })).status).toBe(200);
  });

  test("a header wins over a cookie, and needs no Origin", async ({ site, person }) => {
    const other = await makePerson(site);
    const { access } = await logIn(site, other);
    const cookie = await cookiesOf(site, person);
    const me = await send(site, "GET /api/me", { bearer: access, headers: { cookie } });
    expect(me.body).toMatchObject({ id: other.id });
    const everywhere = await send(site, "POST /logout_token", {
      json: { all: "1" },
      bearer: access,
      headers: { cookie, origin: "https://evil.example" },
    });
    expect(everywhere.status).toBe(200);
    expect((await send(site, "GET /api/me", { bearer: access })).status).toBe(401);
    expect((await send(site, "GET /api/me", { headers: { cookie } })).status).toBe(200);
    const broken = await send(site, "GET /api/me", { bearer: "nonsense", headers: { cookie } });
    expect(broken.status).toBe(401);
  });
});

test.describe("a refresh by cookie", () => {
  test("is answered by cookie, without a body sent and without a token in the answer", async ({
    site,
    person,
  }) => {
    const before = await cookiesOf(site, person);
    const headers = { cookie: only(before, "keyturn_refresh"), origin: originOf(site) };
    const answer = await send(site, "POST /api/token/refresh", { headers });
    expect(answer.status, answer.text).toBe(200);
    expect(answer.body).toMatchObject({ user: { id: person.id } });
    expect(answer.text).not.toContain("eyJ");
    const after = cookieHeader(answer);
    expect(only(after, "keyturn_refresh")).not.toBe(only(before, "keyturn_refresh"));
    expect((await send(site, "GET /api/me", { headers: { cookie: after } })).status).toBe(200);
  });

  test("of a session that has ended is refused with the reason, which the log-in page can still tell", async ({
    site,
    person,
  }) => {
    const cookie = await cookiesOf(site, person);
    const headers = { cookie, origin: originOf(site) };
    await send(site, "POST /logout_token", { json: { all: "1" }, headers });
    const answer = await send(site, "POST /api/token/refresh", { headers: { ...headers, ...BY_COOKIE } });
    expect(answer.body).toMatchObject({ code: "token_not_valid", reason: "logged_out_everywhere" });
    expect(answer.headers["set-cookie"]).toEqual([
      expect.stringMatching(/^keyturn_access=; Max-Age=0/),
      expect.stringMatching(/^keyturn_retry=; Max-Age=0/),
    ]);
    const page = await send(site, "GET /login", { headers: { cookie: only(cookie, "keyturn_refresh") } });
    expect(page.text).toContain("You logged out everywhere");
  });

  test("of what was never a token of ours clears the cookies", async ({ site }) => {
    const headers = { cookie: "keyturn_refresh=nonsense", origin: originOf(site) };
    const answer = await send(site, "POST /api/token/refresh", { headers });
    expect(answer.body).toMatchObject({ code: "token_not_valid" });
    expect(clears(answer)).toBe(true);
  });

  test("with a token in the body is answered as asked", async ({ site, person }) => {
    const { refresh } = await logIn(site, person);
    const answer = await send(site, "POST /api/token/refresh", { json: { refresh } });
    expect(Object.keys(answer.body as Pair).sort()).toEqual(["access", "refresh"]);
    expect(answer.headers).not.toHaveProperty("set-cookie");
  });
});

test.describe("POST /api/logout", () => {
  for (const kept of ["keyturn_access", "keyturn_refresh"]) {
    test(`ends the session and clears the cookies by ${kept} alone`, async ({ site, person }) => {
      const cookie = await cookiesOf(site, person);
      const headers = { cookie: only(cookie, kept), origin: originOf(site) };
      const answer = await send(site, "POST /api/logout", { headers });
      expect(answer.body).toEqual({ status: "OK, goodbye" });
      expect(clears(answer)).toBe(true);
      expect((await send(site, "GET /api/me", { headers: { cookie } })).status).toBe(401);
      const refresh = await send(site, "POST /api/token/refresh", {
        headers: { cookie, origin: originOf(site) },
      });
      expect(refresh.body).toMatchObject({ reason: "logged_out" });
    });
  }

  test("says goodbye to whoever is logged out already, and to a visitor", async ({ site, person }) => {
    const cookie = await cookiesOf(site, person);
    const headers = { cookie, origin: originOf(site) };
    for (let time = 0; time < 2; time += 1) {
      const answer = await send(site, "POST /api/logout", { headers });
      expect(answer.body).toEqual({ status: "OK, goodbye" });
      expect(clears(answer)).toBe(true);
    }
    expect((await send(site, "POST /api/logout")).body).toEqual({ status: "OK, goodbye" });
  });

  test("by header ends that session and needs no Origin", async ({ site, person }) => {
    const { access } = await logIn(site, person);
    expect((await send(site, "POST /api/logout", { bearer: access })).status).toBe(200);
    expect((await send(site, "GET /api/me", { bearer: access })).status).toBe(401);
  });
});

test("a wrong password by cookie delivery leaves a living session's cookies alone", async ({
  site,
  person,
}) => {
  const cookie = await cookiesOf(site, person);
  const answer = await send(site, "POST /api/token", {
    json: { email: person.email, password: "not the password" },
    headers: { ...BY_COOKIE, origin: originOf(site), cookie },
  });
  expect(answer.body).toMatchObject({ code: "no_active_account" });
  expect(answer.headers).not.toHaveProperty("set-cookie");
  expect((await send(site, "GET /api/me", { headers: { cookie } })).status).toBe(200);
});
