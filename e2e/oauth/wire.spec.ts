import {
  addTo,
  authorizePath,
  basic,
  browserOf,
  CALLBACK,
  codeFor,
  exchange,
  GOODBYE,
  makePkce,
  sentTo,
  type Tokens,
  tokensFor,
} from "../kit/applications.ts";
import { type Answer, send } from "../kit/http.ts";
import { claimsOf, makePerson, type Pair } from "../kit/people.ts";
import type { Server } from "../kit/server.ts";
import { originOf } from "../pages/fixtures.ts";
import { expect, test } from "./fixtures.ts";

const { challenge } = makePkce();

/** What every refusal in OAuth's words has (RFC 6749 §5.2). */
function expectRefusal(answer: Answer, status: number, error: string): void {
  expect(answer).toMatchObject({
    status,
    body: { error, error_description: expect.any(String) },
    headers: { "content-type": "application/json", "cache-control": "no-store" },
  });
  expect(Object.keys(answer.body as object).sort()).toEqual(["error", "error_description"]);
}

/** A page of ours: nobody is sent anywhere. */
function expectOwnPage(answer: Answer): void {
  expect(answer.status).toBe(400);
  expect(answer.headers).not.toHaveProperty("location");
  expect(answer.headers).not.toHaveProperty("set-cookie");
  expect(answer.headers["content-type"]).toBe("text/html; charset=utf-8");
  expect(answer.headers["cache-control"]).toBe("no-store");
  expect(answer.text).toContain("This log-in can't go on");
}

/** Somebody logged in, and an application. */
async function atTheShop(site: Server, confidential = false) {
  const person = await makePerson(site);
  const [browser, application] = [await browserOf(site, person), await addTo(site, { confidential })];
  return { person, browser, application };
}

async function ends(site: Server, token: string): Promise<string | null> {
  const { db } = await site.app();
  const [row] =
    await db.$client`select revoked_reason from sessions where id = ${String(claimsOf(token).sid)}`;
  return row?.revoked_reason ?? null;
}

test.describe("metadata (RFC 8414, OpenID Connect Discovery)", () => {
  test("is the same at both addresses, names what works, and is read by any page without cookies", async ({
    site,
  }) => {
    const origin = originOf(site);
    const headers = { origin: "https://anybody.example" };
    const [one, other] = await Promise.all(
      ["openid-configuration", "oauth-authorization-server"].map((name) =>
        send(site, `GET /.well-known/${name}`, { headers }),
      ),
    );
    expect(other?.body).toEqual(one?.body);
    expect(one?.body).toMatchObject({
      issuer: origin,
      authorization_endpoint: `${origin}/oauth/authorize`,
      token_endpoint: `${origin}/oauth/token`,
      jwks_uri: `${origin}/.well-known/jwks.json`,
      response_types_supported: ["code"],
      response_modes_supported: ["query"],
      code_challenge_methods_supported: ["S256"],
      id_token_signing_alg_values_supported: ["ES256"],
      authorization_response_iss_parameter_supported: true,
      request_uri_parameter_supported: false,
    });
    for (const answer of [one, other]) {
      expect(answer?.headers["access-control-allow-origin"]).toBe("*");
      expect(answer?.headers).not.toHaveProperty("access-control-allow-credentials");
    }
  });

  test("leads nowhere but to calls that are there, and those refuse other methods", async ({ site }) => {
    const { body } = await send(site, "GET /.well-known/openid-configuration");
    const calls = Object.entries(body as Record<string, unknown>)
      .filter(([name]) => name.endsWith("_endpoint") || name === "jwks_uri")
      .map(([, url]) => new URL(String(url)).pathname);
    expect(calls).toHaveLength(7);
    for (const path of calls) {
      const refused = await send(site, `DELETE ${path}`);
      expect(refused.status, path).toBe(405);
      expect(refused.headers.allow, path).toMatch(/GET|POST/);
      expect(refused.headers["cache-control"], path).toBe("no-store");
    }
    for (const path of ["/oauth/token", "/oauth/revoke", "/oauth/introspect"])
      expect(await send(site, `GET ${path}`)).toMatchObject({
        status: 405,
        headers: { allow: "POST, OPTIONS" },
      });
  });
});

test.describe("a request for a log-in", () => {
  test("of an unknown application, or for an address that it did not register, ends on a page of ours", async ({
    site,
  }) => {
    const { client_id } = await addTo(site);
    const nobody = "00000000-0000-4000-8000-000000000000";
    for (const path of [
      authorizePath(nobody, challenge),
      authorizePath("' or 1=1 --", challenge),
      authorizePath(client_id, challenge, { client_id: undefined }),
      `${authorizePath(client_id, challenge)}&client_id=${client_id}`,
      authorizePath(client_id, challenge, { redirect_uri: undefined }),
      `${authorizePath(client_id, challenge)}&redirect_uri=${encodeURIComponent(CALLBACK)}`,
      ...[
        `${CALLBACK}/`,
        `${CALLBACK}?more`,
        `${CALLBACK}#part`,
        CALLBACK.replace("https", "http"),
        CALLBACK.replace("shop", "SHOP"),
        `${CALLBACK}/../callback`,
        "https://shop.example.com:443/callback",
        "https://shop.example.com@evil.example/callback",
        "https://shop.example.com.evil.example/callback",
        "//shop.example.com/callback",
        "javascript:alert(1)",
        "http://localhost/callback",
      ].map((redirect_uri) => authorizePath(client_id, challenge, { redirect_uri })),
    ])
      expectOwnPage(await send(site, `GET ${path}`));
  });

  test("that can't be granted goes back with the fault, the state and who says so (RFC 9207)", async ({
    site,
  }) => {
    const { application, browser } = await atTheShop(site);
    const faults: [Record<string, string | undefined>, string][] = [
      [{ response_type: undefined }, "invalid_request"],
      [{ response_type: "token" }, "unsupported_response_type"],
      [{ response_type: "code id_token" }, "unsupported_response_type"],
      [{ response_mode: "form_post" }, "invalid_request"],
      [{ code_challenge: undefined }, "invalid_request"],
      [{ code_challenge: "short" }, "invalid_request"],
      [{ code_challenge_method: undefined }, "invalid_request"],
      [{ code_challenge_method: "plain" }, "invalid_request"],
      [{ prompt: "consent" }, "invalid_request"],
      [{ prompt: "none login" }, "invalid_request"],
      [{ max_age: "-1" }, "invalid_request"],
      [{ request: "eyJhbGciOiJub25lIn0.e30." }, "request_not_supported"],
      [{ request_uri: "https://shop.example.com/request" }, "request_uri_not_supported"],
    ];
    for (const [changes, error] of faults) {
      const path = authorizePath(application.client_id, challenge, changes);
      const answer = await send(site, `GET ${path}`, { headers: { cookie: browser } });
      const { address, said } = sentTo(answer);
      expect([answer.status, address], JSON.stringify(changes)).toEqual([303, CALLBACK]);
      const description = { error_description: expect.any(String) };
      expect(said).toEqual({ error, ...description, state: "the state", iss: originOf(site) });
      expect(answer.headers["cache-control"]).toBe("no-store");
      expect(answer.headers["referrer-policy"]).toBe("no-referrer");
    }
  });

  test("with a parameter that stands twice is refused, by GET and by POST", async ({ site }) => {
    const { application, browser } = await atTheShop(site);
    const path = authorizePath(application.client_id, challenge);
    const got = await send(site, `GET ${path}&scope=email`, { headers: { cookie: browser } });
    expect(sentTo(got).said).toMatchObject({ error: "invalid_request", state: "the state" });
    const twiceTheState = await send(site, `GET ${path}&state=another`, { headers: { cookie: browser } });
    expect(sentTo(twiceTheState).said).toMatchObject({ error: "invalid_request" });
    const raw = `${path.split("?")[1]}&scope=email`;
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    for (const cookie of [browser, ""]) {
      const posted = await send(site, "POST /oauth/authorize", { raw, headers: { ...headers, cookie } });
      expect(sentTo(posted).said).toMatchObject({ error: "invalid_request", state: "the state" });
    }
    expectOwnPage(await send(site, "POST /oauth/authorize", { form: { client_id: "nobody" } }));
  });

  test("that may bother nobody says login_required where nobody is logged in", async ({ site }) => {
    const { client_id } = await addTo(site);
    const answer = await send(site, `GET ${authorizePath(client_id, challenge, { prompt: "none" })}`);
    expect(sentTo(answer).said).toEqual({
      error: "login_required",
      error_description: expect.any(String),
      state: "the state",
      iss: originOf(site),
    });
    expect(answer.headers).not.toHaveProperty("set-cookie");
  });

  test("of somebody logged in is answered with code, state and iss, and nothing else", async ({ site }) => {
    const { application, browser } = await atTheShop(site);
    for (const prompt of [undefined, "none"]) {
      const path = authorizePath(application.client_id, challenge, { prompt });
      const answer = await send(site, `GET ${path}`, { headers: { cookie: browser } });
      const { address, said } = sentTo(answer);
      expect([answer.status, address]).toEqual([303, CALLBACK]);
      expect(said).toEqual({ code: expect.any(String), state: "the state", iss: originOf(site) });
    }
  });

  test("is kept on the server for a browser that has to log in, bound by a cookie out of scripts' reach", async ({
    site,
  }) => {
    const { client_id } = await addTo(site);
    const answer = await send(site, `GET ${authorizePath(client_id, challenge)}`);
    expect(answer.status).toBe(303);
    expect(answer.headers.location).toMatch(/^\/login\?to=[\da-f-]{36}$/);
    const [cookie = "", ...more] = answer.headers["set-cookie"] ?? [];
    expect(more).toEqual([]);
    expect(cookie).toMatch(/^keyturn_browser=[\w-]{43}; Max-Age=\d+; Path=\/; HttpOnly; SameSite=Lax$/);
    const elsewhere = await send(site, `GET /continue${answer.headers.location?.slice("/login".length)}`);
    expect(elsewhere.headers.location).toBe(answer.headers.location);
  });

  test("comes as a form too, and goes on by GET, which brings the cookies", async ({ site }) => {
    const { application, browser } = await atTheShop(site);
    const asked = new URLSearchParams(authorizePath(application.client_id, challenge).split("?")[1]);
    const posted = await send(site, "POST /oauth/authorize", { form: Object.fromEntries(asked) });
    expect(posted.status).toBe(303);
    const followed = await send(site, `GET ${posted.headers.location}`, { headers: { cookie: browser } });
    expect(sentTo(followed).said).toMatchObject({ code: expect.any(String), state: "the state" });
    const here = { form: Object.fromEntries(asked), headers: { cookie: browser } };
    expect(sentTo(await send(site, "POST /oauth/authorize", here)).said).toHaveProperty("code");
  });

  test("may come back at any port of the loopback address that was registered (RFC 8252 §7.3)", async ({
    site,
  }) => {
    const { browser } = await atTheShop(site);
    const { client_id } = await addTo(site, {
      redirect_addresses: ["http://127.0.0.1/back", "http://[::1]:1/back", "com.example.app:/back"],
    });
    const comesTo = async (redirect_uri: string) => {
      const path = authorizePath(client_id, challenge, { redirect_uri });
      return send(site, `GET ${path}`, { headers: { cookie: browser } });
    };
    for (const good of ["http://127.0.0.1:49152/back", "http://127.0.0.1/back", "http://[::1]:50000/back"])
      expect(sentTo(await comesTo(good)).address).toBe(good.replace(":80/", "/"));
    expect((await comesTo("com.example.app:/back")).headers.location).toMatch(
      /^com\.example\.app:\/back\?code=/,
    );
    for (const bad of [
      "http://127.0.0.1:49152/other",
      "http://localhost:49152/back",
      "http://127.0.0.2/back",
      "http://127.0.0.1:49152@evil.example/back",
    ])
      expectOwnPage(await comesTo(bad));
  });
});

test.describe("a code", () => {
  test("brings a pair and an ID token, which nobody may keep", async ({ site }) => {
    const { application, browser, person } = await atTheShop(site);
    const answer = await exchange(
      site,
      application,
      await codeFor(site, browser, application.client_id, { nonce: "once" }),
    );
    expect(answer).toMatchObject({
      status: 200,
      headers: { "cache-control": "no-store", pragma: "no-cache", "content-type": "application/json" },
      body: { token_type: "Bearer", expires_in: 1_800, scope: "openid" },
    });
    expect(answer.headers).not.toHaveProperty("set-cookie");
    const tokens = answer.body as Required<Tokens>;
    const { sid } = claimsOf(tokens.access_token);
    expect(claimsOf(tokens.id_token)).toEqual({
      iss: originOf(site),
      sub: person.id,
      aud: application.client_id,
      exp: expect.any(Number),
      iat: expect.any(Number),
      auth_time: expect.any(Number),
      amr: ["pwd"],
      sid,
      nonce: "once",
    });
    expect(claimsOf(tokens.access_token)).toMatchObject({
      iss: originOf(site),
      sub: person.id,
      token_type: "access",
    });
    expect((await send(site, "GET /api/me", { bearer: tokens.access_token })).status).toBe(200);
    expect((await send(site, "GET /api/me", { bearer: tokens.id_token })).status).toBe(401);
  });

  test("that is used a second time ends the session that it made", async ({ site }) => {
    const { application, browser } = await atTheShop(site);
    const redemption = await codeFor(site, browser, application.client_id);
    const { access_token } = (await exchange(site, application, redemption)).body as Tokens;
    expectRefusal(await exchange(site, application, redemption), 400, "invalid_grant");
    expect(await ends(site, access_token)).toBe("token_reused");
    expect((await send(site, "GET /api/me", { headers: { cookie: browser } })).status).toBe(200);
  });

  test("is not spent by a wrong verifier, another address or another application", async ({ site }) => {
    const { application, browser } = await atTheShop(site);
    const other = await addTo(site);
    const redemption = await codeFor(site, browser, application.client_id);
    const { verifier } = makePkce();
    const refused = [
      await exchange(site, application, { ...redemption, verifier }),
      await exchange(site, application, { ...redemption, redirect_uri: `${CALLBACK}/` }),
      await exchange(site, other, redemption),
    ];
    for (const answer of refused) expectRefusal(answer, 400, "invalid_grant");
    expect((await exchange(site, application, redemption)).status).toBe(200);
    for (const wrong of [
      { ...redemption, verifier },
      { ...redemption, redirect_uri: `${CALLBACK}/` },
    ])
      expectRefusal(await exchange(site, application, wrong), 400, "invalid_grant");
  });

  test("is void once the browser is logged out", async ({ site }) => {
    const { application, browser } = await atTheShop(site);
    const redemption = await codeFor(site, browser, application.client_id);
    const out = await send(site, "POST /api/logout", {
      headers: { cookie: browser, origin: originOf(site) },
    });
    expect(out.status).toBe(200);
    expectRefusal(await exchange(site, application, redemption), 400, "invalid_grant");
  });
});

test.describe("a token call", () => {
  test("of a client that nobody knows, or that shows the wrong secret, is invalid_client", async ({
    site,
  }) => {
    const { application, browser } = await atTheShop(site, true);
    const publicOne = await addTo(site);
    const redemption = await codeFor(site, browser, application.client_id);
    const wrong = { ...application, client_secret: `${application.secret}x` };
    const bare = { ...application, client_secret: null };
    const nobody = { client_id: "00000000-0000-4000-8000-000000000000", client_secret: null };
    const tooMuch = { ...publicOne, client_secret: application.secret };
    for (const client of [wrong, bare, nobody, tooMuch]) {
      const answer = await exchange(site, client, redemption);
      expectRefusal(answer, 401, "invalid_client");
      expect(answer.headers["www-authenticate"]).toMatch(/^Basic realm="/);
    }
    const form = {
      grant_type: "authorization_code",
      code: redemption.code,
      code_verifier: redemption.verifier,
      redirect_uri: CALLBACK,
    };
    const headers = basic({ ...application, secret: wrong.client_secret });
    expectRefusal(await send(site, "POST /oauth/token", { form, headers }), 401, "invalid_client");
    const twice = { ...form, client_id: application.client_id, client_secret: application.secret };
    expectRefusal(
      await send(site, "POST /oauth/token", { form: twice, headers: basic(application) }),
      401,
      "invalid_client",
    );
    expect((await send(site, "POST /oauth/token", { form, headers: basic(application) })).status).toBe(200);
  });

  test("counts an empty parameter as left out (RFC 6749 §3.2)", async ({ site }) => {
    const { application, browser } = await atTheShop(site);
    const redemption = await codeFor(site, browser, application.client_id);
    const answer = await exchange(site, { ...application, client_secret: "" }, redemption);
    expect(answer.status, answer.text).toBe(200);
  });

  test("that is no form, or lacks what it needs, is refused in OAuth's words", async ({ site }) => {
    const { client_id } = await addTo(site);
    const ask = (form: Record<string, string>) =>
      send(site, "POST /oauth/token", { form: { client_id, ...form } });
    expectRefusal(await ask({}), 400, "invalid_request");
    expectRefusal(await ask({ grant_type: "authorization_code" }), 400, "invalid_request");
    expectRefusal(await ask({ grant_type: "refresh_token" }), 400, "invalid_request");
    for (const grant_type of ["password", "client_credentials", "implicit"])
      expectRefusal(await ask({ grant_type }), 400, "unsupported_grant_type");
    expectRefusal(
      await ask({ grant_type: "refresh_token", refresh_token: "none of ours" }),
      400,
      "invalid_grant",
    );
    expectRefusal(await send(site, "POST /oauth/token", { json: { client_id } }), 400, "invalid_request");
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    const raw = `client_id=${client_id}&grant_type=refresh_token&grant_type=refresh_token`;
    expectRefusal(await send(site, "POST /oauth/token", { raw, headers }), 400, "invalid_request");
  });

  test("reads no credentials from the address (RFC 6749 §2.3.1)", async ({ site }) => {
    const { application, browser } = await atTheShop(site, true);
    const { code, verifier } = await codeFor(site, browser, application.client_id);
    const query = new URLSearchParams({
      client_id: application.client_id,
      client_secret: application.secret,
    });
    const form = { grant_type: "authorization_code", code, code_verifier: verifier, redirect_uri: CALLBACK };
    expectRefusal(await send(site, `POST /oauth/token?${query}`, { form }), 401, "invalid_client");
  });
});

test.describe("a refresh token of an application", () => {
  const refreshAt = (
    site: Server,
    client: { client_id: string; client_secret: string | null },
    refresh_token: string,
  ) => {
    const { client_id, client_secret } = client;
    const form = {
      grant_type: "refresh_token",
      refresh_token,
      client_id,
      ...(client_secret !== null && { client_secret }),
    };
    return send(site, "POST /oauth/token", { form });
  };

  test("that keeps a secret is invalid where none is asked for, and is not spent there", async ({ site }) => {
    const { application, browser } = await atTheShop(site, true);
    const { refresh_token, access_token } = await tokensFor(site, browser, application);
    const json = { refresh: refresh_token };
    const refused = { status: 401, body: { detail: "Token is invalid", code: "token_not_valid" } };
    expect(await send(site, "POST /api/token/refresh", { json })).toMatchObject(refused);
    expectRefusal(
      await refreshAt(site, { ...application, client_secret: null }, refresh_token),
      401,
      "invalid_client",
    );
    expect(await ends(site, access_token)).toBeNull();
    const turned = await refreshAt(site, application, refresh_token);
    expect(turned).toMatchObject({ status: 200, body: { scope: "openid", id_token: expect.any(String) } });
  });

  test("that keeps none turns at either door", async ({ site }) => {
    const { application, browser } = await atTheShop(site);
    const { refresh_token } = await tokensFor(site, browser, application);
    const first = await send(site, "POST /api/token/refresh", { json: { refresh: refresh_token } });
    expect(first.status).toBe(200);
    const second = await refreshAt(site, application, (first.body as Pair).refresh);
    expect(second.status).toBe(200);
    const spent = await refreshAt(site, application, refresh_token);
    expectRefusal(spent, 400, "invalid_grant");
  });

  test("opens nothing for another application, whose try spends nothing", async ({ site }) => {
    const { application, browser, person } = await atTheShop(site);
    const { refresh_token } = await tokensFor(site, browser, application);
    const other = await addTo(site, { confidential: true });
    expectRefusal(await refreshAt(site, other, refresh_token), 400, "invalid_grant");
    const ours = (
      await send(site, "POST /api/token", { json: { email: person.email, password: person.password } })
    ).body as Pair;
    expectRefusal(await refreshAt(site, application, ours.refresh), 400, "invalid_grant");
    expect((await refreshAt(site, application, refresh_token)).status).toBe(200);
    expect((await send(site, "POST /api/token/refresh", { json: { refresh: ours.refresh } })).status).toBe(
      200,
    );
  });
});

test.describe("afterwards", () => {
  test("either token of its own session ends it, and nobody else's (RFC 7009)", async ({ site }) => {
    const { application, browser } = await atTheShop(site);
    const other = await addTo(site);
    const revoke = (client_id: string, token: string) =>
      send(site, "POST /oauth/revoke", { form: { client_id, token, token_type_hint: "anything" } });
    for (const which of ["access_token", "refresh_token"] as const) {
      const tokens = await tokensFor(site, browser, application);
      expect(await revoke(other.client_id, tokens[which])).toMatchObject({ status: 200, text: "" });
      expect(await ends(site, tokens.access_token)).toBeNull();
      expect(await revoke(application.client_id, tokens[which])).toMatchObject({ status: 200, text: "" });
      expect(await ends(site, tokens.access_token)).toBe("logged_out");
      expect(await revoke(application.client_id, tokens[which])).toMatchObject({ status: 200, text: "" });
    }
    expect((await revoke(application.client_id, "none of ours")).status).toBe(200);
    expectRefusal(
      await send(site, "POST /oauth/revoke", { form: { client_id: application.client_id } }),
      400,
      "invalid_request",
    );
    expect((await send(site, "GET /api/me", { headers: { cookie: browser } })).status).toBe(200);
  });

  test("a confidential client learns whether a token opens something now (RFC 7662)", async ({ site }) => {
    const { application, browser, person } = await atTheShop(site, true);
    const tokens = (await tokensFor(site, browser, application)) as Required<Tokens>;
    const about = async (token: string) => {
      const answer = await send(site, "POST /oauth/introspect", {
        form: { token },
        headers: basic(application),
      });
      expect(answer).toMatchObject({ status: 200, headers: { "cache-control": "no-store" } });
      return answer.body;
    };
    const { sid } = claimsOf(tokens.access_token);
    const active = { active: true, sub: person.id, sid, client_id: application.client_id, scope: "openid" };
    const times = { exp: expect.any(Number), iat: expect.any(Number) };
    expect(await about(tokens.access_token)).toEqual({ ...active, ...times, token_type: "Bearer" });
    expect(await about(tokens.refresh_token)).toMatchObject(active);
    for (const dead of ["none of ours", tokens.id_token])
      expect(await about(dead)).toEqual({ active: false });
    await send(site, "POST /api/logout", { bearer: tokens.access_token });
    for (const over of [tokens.access_token, tokens.refresh_token])
      expect(await about(over)).toEqual({ active: false });
    const { client_id } = await addTo(site);
    const asked = await send(site, "POST /oauth/introspect", {
      form: { token: tokens.access_token, client_id },
    });
    expectRefusal(asked, 401, "invalid_client");
  });

  test("userinfo says why it refuses (RFC 6750 §3.1)", async ({ site }) => {
    const { application, browser, person } = await atTheShop(site);
    const { access_token } = await tokensFor(site, browser, application);
    for (const method of ["GET", "POST"]) {
      const shown = await send(site, `${method} /oauth/userinfo`, { bearer: access_token });
      expect(shown).toMatchObject({ status: 200, body: { sub: person.id } });
    }
    const bare = await send(site, "GET /oauth/userinfo", { headers: { cookie: browser } });
    expect(bare).toMatchObject({ status: 401, headers: { "www-authenticate": "Bearer" } });
    const wrong = await send(site, "GET /oauth/userinfo", { bearer: "none-of-ours" });
    expect(wrong).toMatchObject({
      status: 401,
      headers: { "www-authenticate": 'Bearer error="invalid_token"' },
    });
    const unscoped = await codeFor(site, browser, application.client_id, { scope: "email" });
    const { access_token: without } = (await exchange(site, application, unscoped)).body as Tokens;
    const refused = await send(site, "GET /oauth/userinfo", { bearer: without });
    expect(refused).toMatchObject({
      status: 403,
      headers: { "www-authenticate": 'Bearer error="insufficient_scope"' },
    });
  });
});

test.describe("a log-out that an application asks for", () => {
  const leave = (site: Server, browser: string, asked: Record<string, string>, method = "GET") =>
    send(site, `${method} /oauth/logout?${new URLSearchParams(asked)}`, { headers: { cookie: browser } });

  test("with a hint of this browser's happens at once, and everything that it opened ends", async ({
    site,
  }) => {
    const { application, browser } = await atTheShop(site);
    const other = await addTo(site);
    const tokens = (await tokensFor(site, browser, application)) as Required<Tokens>;
    const sibling = await tokensFor(site, browser, other);
    const asked = { id_token_hint: tokens.id_token, post_logout_redirect_uri: GOODBYE, state: "s" };
    const answer = await leave(site, browser, asked);
    expect(answer).toMatchObject({ status: 303, headers: { location: `${GOODBYE}?state=s` } });
    expect((answer.headers["set-cookie"] ?? []).join()).toMatch(/keyturn_access=;.*keyturn_refresh=;/);
    for (const { access_token } of [tokens, sibling])
      expect(await ends(site, access_token)).toBe("logged_out");
    expect((await send(site, "GET /api/me", { headers: { cookie: browser } })).status).toBe(401);
  });

  test("without one, with another browser's or a forged one, is asked of the person first", async ({
    site,
  }) => {
    const { application, browser, person } = await atTheShop(site);
    const elsewhere = (await tokensFor(site, await browserOf(site, person), application)) as Required<Tokens>;
    const [head, payload] = elsewhere.id_token.split(".");
    const named = { client_id: application.client_id, post_logout_redirect_uri: GOODBYE };
    for (const asked of [
      {},
      named,
      { ...named, id_token_hint: elsewhere.id_token },
      { ...named, id_token_hint: `${head}.${payload}.AAAA` },
    ]) {
      const answer = await leave(site, browser, asked as Record<string, string>);
      expect(answer.status).toBe(303);
      expect(answer.headers.location).toMatch(/^\/log-out(\?to=[\da-f-]{36})?$/);
    }
    expect((await send(site, "GET /api/me", { headers: { cookie: browser } })).status).toBe(200);
  });

  test("leads to no address that the application did not register", async ({ site }) => {
    const { application, browser } = await atTheShop(site);
    for (const bad of [CALLBACK, `${GOODBYE}/`, "https://evil.example/", "//evil.example"]) {
      const tokens = (await tokensFor(site, browser, application)) as Required<Tokens>;
      const browserLess = await leave(site, "", {
        id_token_hint: tokens.id_token,
        post_logout_redirect_uri: bad,
      });
      expect(browserLess).toMatchObject({ status: 303, headers: { location: "/login" } });
    }
    const unnamed = await leave(site, "", { post_logout_redirect_uri: GOODBYE });
    expect(unnamed.headers.location).toBe("/login");
    const named = await leave(site, "", {
      post_logout_redirect_uri: GOODBYE,
      client_id: application.client_id,
    });
    expect(named.headers.location).toBe(GOODBYE);
  });

  test("comes as a form too, which goes on by GET", async ({ site }) => {
    const { application, browser } = await atTheShop(site);
    const tokens = (await tokensFor(site, browser, application)) as Required<Tokens>;
    const form = { id_token_hint: tokens.id_token, post_logout_redirect_uri: GOODBYE };
    const posted = await send(site, "POST /oauth/logout", { form });
    expect(posted.status).toBe(303);
    const followed = await send(site, `GET ${posted.headers.location}`, { headers: { cookie: browser } });
    expect(followed.headers.location).toBe(GOODBYE);
  });
});
