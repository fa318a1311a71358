import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "../fixtures.ts";
import { UUID } from "../kit/expect-answer.ts";
import { type Sending, send } from "../kit/http.ts";
import { claimsOf, enter, makePerson, type Pair } from "../kit/people.ts";
import type { Server } from "../kit/server.ts";

const THIEF = { "user-agent": "curl/8.0 of a thief" };
const FORM = "application/x-www-form-urlencoded";

const refresh = (server: Server, token: string, more: Sending = {}) =>
  send(server, "POST /api/token/refresh", { json: { refresh: token }, ...more });

/** What Keyturn does in place of SimpleJWT, under the words of the table's first column. */
const differences: Record<string, (server: Server) => Promise<void>> = {
  async "the field of a log-in"(server) {
    const { email, password } = await makePerson(server);
    const answer = await send(server, "POST /api/token", { json: { username: email, password } });
    expect([answer.status, answer.body]).toEqual([400, { email: ["This field is required."] }]);
    expect((await send(server, "POST /api/token", { json: { email, password } })).status).toBe(200);
  },
  async "a log-in with two steps"(server) {
    const { email, password } = await makePerson(server, { twoFactorEmail: true });
    const answer = await send(server, "POST /api/token", { json: { email, password } });
    expect(answer.status).toBe(403);
    expect(answer.body).toMatchObject({ code: "two_factor_required", challenge: expect.any(String) });
  },
  async "a spent refresh token from somebody else"(server) {
    const first = await enter(server);
    const second = (await refresh(server, first.refresh)).body as Pair;
    const stolen = await refresh(server, first.refresh, { headers: THIEF });
    expect([stolen.status, stolen.body]).toMatchObject([401, { reason: "token_reused" }]);
    expect((await refresh(server, second.refresh)).status).toBe(401);
  },
  async "a spent refresh token from whoever spent it, at once"(server) {
    const first = await enter(server);
    const second = (await refresh(server, first.refresh)).body as Pair;
    const again = await refresh(server, first.refresh);
    expect([again.status, again.body]).toMatchObject([401, { reason: "rotated" }]);
    expect((await refresh(server, second.refresh)).status).toBe(200);
  },
  async "an access token after the log-out"(server) {
    const { access, refresh: token } = await enter(server);
    await send(server, "POST /logout_token", { json: { refresh_token: token }, bearer: access });
    expect((await send(server, "GET /api/me", { bearer: access })).status).toBe(401);
  },
  async ids(server) {
    const claims = claimsOf((await enter(server)).access);
    expect(claims.user_id).toMatch(UUID);
    expect(claims.sub).toBe(claims.user_id);
  },
  async "what a refusal says"(server) {
    const { access, refresh: token } = await enter(server);
    expect((await send(server, "GET /api/me")).body).toMatchObject({ code: "not_authenticated" });
    await send(server, "POST /logout_token", { json: { all: "1" }, bearer: access });
    expect((await refresh(server, token)).body).toMatchObject({
      code: "token_not_valid",
      reason: "logged_out_everywhere",
    });
  },
  async "a number in place of a text"(server) {
    const answer = await send(server, "POST /api/token/verify", { json: { token: 1 } });
    expect([answer.status, answer.body]).toEqual([400, { token: ["Not a valid string."] }]);
  },
  async "a key that stands twice"(server) {
    const raw = '{"token":"a","token":"b"}';
    const answer = await send(server, "POST /api/token/verify", {
      raw,
      headers: { "content-type": "application/json" },
    });
    expect([answer.status, answer.body]).toMatchObject([400, { code: "parse_error" }]);
  },
  async "spaces round a password"(server) {
    const { email, password } = await makePerson(server);
    const answer = await send(server, "POST /api/token", { json: { email, password: ` ${password} ` } });
    expect([answer.status, answer.body]).toMatchObject([401, { code: "no_active_account" }]);
  },
  async "a body of more than 64 KiB"(server) {
    const answer = await send(server, "POST /api/token/verify", { json: { token: "x".repeat(65_536) } });
    expect([answer.status, answer.body]).toMatchObject([413, { code: "payload_too_large" }]);
  },
  async "`Accept: text/html`"(server) {
    const { access } = await enter(server);
    const answer = await send(server, "GET /api/me", { bearer: access, headers: { accept: "text/html" } });
    expect(answer.headers["content-type"]).toBe("application/json");
  },
  async "`OPTIONS`"(server) {
    const answer = await send(server, "OPTIONS /api/token");
    expect([answer.status, answer.headers.allow]).toEqual([204, "POST, OPTIONS"]);
  },
  async "a slash at the end"(server) {
    const { email, password } = await makePerson(server);
    const body = {
      raw: new URLSearchParams({ email, password }).toString(),
      headers: { "content-type": FORM },
    };
    for (const path of ["/api/token", "/api/token/"]) {
      expect((await send(server, `POST ${path}`, body)).status).toBe(200);
    }
  },
  async "tokens as cookies"(server) {
    const { email, password } = await makePerson(server);
    const json = { email, password };
    const headers = { "x-token-delivery": "cookie" };
    const without = await send(server, "POST /api/token", { json, headers });
    expect([without.status, without.body]).toMatchObject([403, { code: "csrf_failed" }]);
    const { settings } = await server.app();
    const origin = new URL(settings.APP_URL).origin;
    const granted = await send(server, "POST /api/token", { json, headers: { ...headers, origin } });
    expect(granted.status).toBe(200);
    expect(granted.text).not.toContain('"access"');
    expect(granted.headers["set-cookie"]?.join()).toContain("HttpOnly");
  },
};

test("every difference from SimpleJWT is in the table, and none that is not there any more", () => {
  const page = readFileSync(join(import.meta.dirname, "../../docs/simplejwt.md"), "utf8");
  const told = [...page.matchAll(/^\| ([^|]+) \|/gm)].map(([, what = ""]) => what);
  expect(told.slice(2)).toEqual(Object.keys(differences));
});

for (const [what, check] of Object.entries(differences)) {
  test(`as the table says: ${what}`, ({ server }) => check(server));
}
