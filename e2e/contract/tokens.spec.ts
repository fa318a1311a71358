import { randomToken } from "@/lib/base/crypto.ts";
import { expect, FRONT_END, test } from "../fixtures.ts";
import { textFields } from "../kit/calls.ts";
import { expectAnswer, PAIR, refused, UUID } from "../kit/expect-answer.ts";
import { resign } from "../kit/forge.ts";
import { send } from "../kit/http.ts";
import { claimsOf, enter, logIn, makePerson, PASSWORD, refresh } from "../kit/people.ts";

const BLACKLISTED = "Token is blacklisted";
const ID = expect.stringMatching(UUID);

test.describe("log-in", () => {
  const noAccount = {
    detail: "No active account found with the given credentials",
    code: "no_active_account",
  };

  test("an unknown address, a wrong password, an inactive and an unverified person get one answer", async ({
    server,
  }) => {
    const { db } = await server.app();
    const person = await makePerson(server);
    const inactive = await makePerson(server);
    await db.$client`update users set is_active = false where id = ${inactive.id}`;
    const unverified = await makePerson(server);
    await db.$client`update users set email_verified_at = null where id = ${unverified.id}`;
    const attempts = [
      { email: "nobody@example.com", password: PASSWORD },
      { email: person.email, password: "wrong" },
      { email: person.email, password: `${PASSWORD} ` },
      { email: inactive.email, password: PASSWORD },
      { email: unverified.email, password: PASSWORD },
    ];
    for (const json of attempts)
      expectAnswer(await send(server, "POST /api/token", { json }), 401, noAccount);
  });

  test("an address is found in any case, its password only as it is", async ({ server }) => {
    const { email } = await makePerson(server);
    const attempt = (json: object) => send(server, "POST /api/token", { json });
    expectAnswer(await attempt({ email: email.toUpperCase(), password: PASSWORD }), 200, PAIR);
    expectAnswer(await attempt({ email, password: PASSWORD.toUpperCase() }), 401, noAccount);
  });

  test("the tokens say who, which session, which generation, since when and how, and nothing else", async ({
    server,
  }) => {
    const person = await enter(server);
    const number = expect.any(Number);
    const common = { jti: expect.any(String), iat: number, exp: number, user_id: person.id, sub: person.id };
    const access = claimsOf(person.access);
    const sid = access.sid;
    expect(access).toEqual({
      ...common,
      token_type: "access",
      sid: ID,
      auth_time: access.iat,
      amr: ["pwd"],
    });
    expect(claimsOf(person.refresh)).toEqual({ ...common, token_type: "refresh", sid, gen: 1 });
    expect(Number(access.exp) - Number(access.iat)).toBe(30 * 60);
    const { iat, exp } = claimsOf(person.refresh);
    expect(Number(exp) - Number(iat)).toBe(3 * 24 * 60 * 60);
    expect(claimsOf((await refresh(server, person.refresh)).refresh)).toMatchObject({ sid, gen: 2 });
  });
});

test.describe("fields", () => {
  for (const [call, field] of textFields) {
    test(`${call} says what is wrong with ${field}`, async ({ server }) => {
      const { access } = await enter(server);
      const wrong: [unknown, string][] = [
        [undefined, "This field is required."],
        ["", "This field may not be blank."],
        [null, "This field may not be null."],
        [1, "Not a valid string."],
        [true, "Not a valid string."],
        [[], "Not a valid string."],
        [{ $ne: "" }, "Not a valid string."],
      ];
      const others = call === "POST /api/token" ? { email: "a@example.com", password: "x" } : {};
      for (const [value, sentence] of wrong) {
        const answer = await send(server, call, { json: { ...others, [field]: value }, bearer: access });
        expectAnswer(answer, 400, { [field]: [sentence] });
      }
    });
  }

  test("an unknown field is ignored", async ({ server }) => {
    const { email, password } = await makePerson(server);
    const json = { email, password, remember: { me: true } };
    expectAnswer(await send(server, "POST /api/token", { json }), 200, PAIR);
  });
});

test.describe("refresh", () => {
  const turn = (server: { origin: string }, token: string, key?: string, program = "an app") =>
    send(server, "POST /api/token/refresh", {
      json: { refresh: token },
      headers: { "user-agent": program, ...(key && { "idempotency-key": key }) },
    });

  test("five calls of one app at once: one wins, the others are refused, and the session goes on", async ({
    server,
  }) => {
    const person = await enter(server);
    const answers = await Promise.all([1, 2, 3, 4, 5].map(() => turn(server, person.refresh)));
    const [won, ...more] = answers.filter(({ status }) => status === 200);
    expect(more).toEqual([]);
    for (const lost of answers.filter((answer) => answer !== won))
      expectAnswer(lost, 401, refused(BLACKLISTED, "rotated"));
    const next = await turn(server, (won?.body as { refresh: string }).refresh);
    expectAnswer(next, 200, PAIR);
  });

  test("a used token that comes back ends the session, the newest pair too", async ({ server }) => {
    const person = await enter(server);
    const second = await refresh(server, person.refresh);
    const thief = await turn(server, person.refresh, undefined, "a thief");
    expectAnswer(thief, 401, refused(BLACKLISTED, "token_reused"));
    expectAnswer(await turn(server, second.refresh), 401, refused(BLACKLISTED, "token_reused"));
    expect((await send(server, "GET /api/me", { bearer: second.access })).status).toBe(401);
  });

  test("a client that lost the answer gets the same pair by the key it sent", async ({ server }) => {
    const person = await enter(server);
    const key = randomToken(24);
    const won = await turn(server, person.refresh, key);
    expectAnswer(won, 200, PAIR);
    for (const attempt of [1, 2]) {
      const again = await turn(server, person.refresh, key);
      expect(again.text, `attempt ${attempt}`).toBe(won.text);
    }
    const { refresh: successor } = won.body as { refresh: string };
    expectAnswer(await turn(server, successor, randomToken(24)), 200, PAIR);
    const late = await turn(server, person.refresh, key, "a thief");
    expectAnswer(late, 401, refused(BLACKLISTED, "token_reused"));
  });

  test("another key than the one that won is reuse", async ({ server }) => {
    const person = await enter(server);
    await turn(server, person.refresh, randomToken(24));
    const thief = await turn(server, person.refresh, randomToken(24), "a thief");
    expectAnswer(thief, 401, refused(BLACKLISTED, "token_reused"));
  });

  test("white space round a token is none of it, and nothing but white space is blank", async ({
    server,
  }) => {
    const person = await enter(server);
    const { body } = await turn(server, ` ${person.refresh} \n`);
    expect(body).toEqual(PAIR);
    expectAnswer(await turn(server, " \n\t"), 400, { refresh: ["This field may not be blank."] });
  });

  test("where cookies are asked for and none came, nobody is logged in", async ({ server }) => {
    const headers = { origin: FRONT_END, "x-token-delivery": "cookie" };
    expectAnswer(await send(server, "POST /api/token/refresh", { headers }), 401, {
      detail: "Authentication credentials were not provided.",
      code: "not_authenticated",
    });
  });

  test("a browser that logs in again replaces the session it held, and no other", async ({ server }) => {
    const person = await enter(server);
    const headers = { origin: FRONT_END, "x-token-delivery": "cookie" };
    const enterAgain = async (cookie?: string) => {
      const { email, password } = person;
      const sending = { json: { email, password }, headers: { ...headers, ...(cookie && { cookie }) } };
      const answer = await send(server, "POST /api/token", sending);
      expect(answer.status, answer.text).toBe(200);
      const cookies = (answer.headers["set-cookie"] ?? []).map((line) => line.split(";")[0]);
      return cookies.filter((pair) => !pair?.endsWith("=")).join("; ");
    };
    const held = await enterAgain();
    await enterAgain(held);
    const { body } = await send(server, "GET /api/sessions", { bearer: person.access });
    expect((body as { results: object[] }).results).toHaveLength(2);
    const old = await send(server, "POST /api/token/refresh", { headers: { ...headers, cookie: held } });
    expectAnswer(old, 401, refused(BLACKLISTED, "replaced"));
  });

  test("a key has 16 to 128 visible ASCII characters", async ({ server }) => {
    const { refresh: token } = await enter(server);
    const detail = "Idempotency-Key must have 16 to 128 visible ASCII characters.";
    for (const key of ["x".repeat(15), "x".repeat(129), `${"x".repeat(16)} x`, `${"x".repeat(16)}é`]) {
      expectAnswer(await turn(server, token, key), 400, { detail, code: "bad_request" });
    }
    expectAnswer(await turn(server, token, "!".repeat(16)), 200, PAIR);
  });

  test("a token that was never good is told what it is", async ({ server }) => {
    const { access, refresh: token } = await enter(server);
    const secret = server.variables.SECRET_KEY ?? "";
    const { iat } = claimsOf(token);
    const expired = resign(secret, token, { exp: Number(iat) - 1 });
    for (const call of ["POST /api/token/refresh", "POST /api/token/blacklist"]) {
      const post = (value: string) => send(server, call, { json: { refresh: value } });
      expectAnswer(await post(expired), 401, refused("Token is expired", "expired"));
      expectAnswer(await post(access), 401, refused("Token has wrong type"));
      expectAnswer(await post(`${token}x`), 401, refused("Token is invalid"));
      expectAnswer(await post("x"), 401, refused("Token is invalid"));
    }
    expectAnswer(await turn(server, token), 200, PAIR);
  });
});

test.describe("verify", () => {
  const verify = (server: { origin: string }, json: object) =>
    send(server, "POST /api/token/verify", { json });

  test("good tokens of both types are good", async ({ server }) => {
    const pair = await enter(server);
    for (const token of [pair.access, pair.refresh]) {
      expectAnswer(await verify(server, { token }), 200, {});
      expectAnswer(await verify(server, { token, live: true }), 200, {});
    }
  });

  test("an access token is judged by itself, with live also by its session", async ({ server }) => {
    const { access } = await enter(server);
    await send(server, "POST /api/logout", { bearer: access });
    expectAnswer(await verify(server, { token: access }), 200, {});
    expectAnswer(await verify(server, { token: access, live: false }), 200, {});
    expectAnswer(
      await verify(server, { token: access, live: true }),
      401,
      refused(BLACKLISTED, "logged_out"),
    );
  });

  test("a blacklisted refresh token gets SimpleJWT's answer", async ({ server }) => {
    const spent = await enter(server);
    await refresh(server, spent.refresh);
    const over = await enter(server);
    await send(server, "POST /api/logout", { bearer: over.access });
    for (const token of [spent.refresh, over.refresh]) {
      expectAnswer(await verify(server, { token }), 400, { non_field_errors: [BLACKLISTED] });
    }
  });

  test("anything else is refused", async ({ server }) => {
    const { access } = await enter(server);
    const past = Number(claimsOf(access).iat) - 1;
    const expired = resign(server.variables.SECRET_KEY ?? "", access, { exp: past });
    expectAnswer(await verify(server, { token: expired }), 401, refused("Token is expired", "expired"));
    expectAnswer(await verify(server, { token: `x${access}` }), 401, refused("Token is invalid"));
    expectAnswer(await verify(server, { token: access, live: "maybe" }), 400, {
      live: ["Must be a valid boolean."],
    });
  });
});

test.describe("blacklist", () => {
  const blacklist = (server: { origin: string }, token: string) =>
    send(server, "POST /api/token/blacklist", { json: { refresh: token } });

  test("an outstanding token ends its session, once", async ({ server }) => {
    const { access, refresh: token } = await enter(server);
    expectAnswer(await blacklist(server, token), 200, {});
    expectAnswer(await blacklist(server, token), 401, refused(BLACKLISTED, "logged_out"));
    expect((await send(server, "GET /api/me", { bearer: access })).status).toBe(401);
  });

  test("a spent one is reuse and ends its session too", async ({ server }) => {
    const first = await enter(server);
    const second = await refresh(server, first.refresh);
    expectAnswer(await blacklist(server, first.refresh), 401, refused(BLACKLISTED, "token_reused"));
    expectAnswer(await blacklist(server, second.refresh), 401, refused(BLACKLISTED, "token_reused"));
  });
});

for (const path of ["/logout_token", "/api/logout_token"]) {
  test.describe(path, () => {
    const goodbye = { status: "OK, goodbye" };
    const post = (server: { origin: string }, bearer: string, json: object) =>
      send(server, `POST ${path}`, { json, bearer });

    test("ends the caller's own session by any token of it, spent or expired", async ({ server }) => {
      const person = await enter(server);
      const { iat } = claimsOf(person.refresh);
      const expire = (token: string) =>
        resign(server.variables.SECRET_KEY ?? "", token, { exp: Number(iat) - 1 });
      for (const kind of ["outstanding", "spent", "expired"]) {
        const other = await logIn(server, person);
        if (kind === "spent") await refresh(server, other.refresh);
        const token = kind === "expired" ? expire(other.refresh) : other.refresh;
        expectAnswer(await post(server, person.access, { refresh_token: token }), 200, goodbye);
        const me = await send(server, "GET /api/me", { bearer: other.access });
        expect(me.status, kind).toBe(401);
      }
      expect((await send(server, "GET /api/me", { bearer: person.access })).status).toBe(200);
    });

    test("ends nothing of anybody else", async ({ server }) => {
      const attacker = await enter(server);
      const victim = await enter(server);
      const answer = await post(server, attacker.access, { refresh_token: victim.refresh });
      expectAnswer(answer, 401, refused("Token is invalid"));
      await refresh(server, victim.refresh);
    });

    test("takes DRF's spellings of yes, and none of no, for everywhere", async ({ server }) => {
      const missing = { refresh_token: ["This field is required."] };
      const person = await enter(server);
      for (const all of ["0", "false", false, 0, "False"]) {
        expectAnswer(await post(server, person.access, { all }), 400, missing);
      }
      expectAnswer(await post(server, person.access, {}), 400, missing);
      expectAnswer(await post(server, person.access, { all: "maybe" }), 400, {
        all: ["Must be a valid boolean."],
      });
      for (const all of ["1", "true", true, 1]) {
        const { access } = await logIn(server, person);
        const answer = await post(server, access, { all });
        expectAnswer(answer, 200, { status: "OK, goodbye, all refresh tokens blacklisted" });
      }
    });
  });
}

test("everybody may log out, once or again, with or without a token", async ({ server }) => {
  const { access, refresh: token } = await enter(server);
  const goodbye = { status: "OK, goodbye" };
  expectAnswer(await send(server, "POST /api/logout"), 200, goodbye);
  expectAnswer(await send(server, "POST /api/logout", { bearer: "nonsense" }), 200, goodbye);
  expectAnswer(await send(server, "POST /api/logout", { bearer: access }), 200, goodbye);
  expectAnswer(await send(server, "POST /api/logout", { bearer: access }), 200, goodbye);
  const answer = await send(server, "POST /api/token/refresh", { json: { refresh: token } });
  expectAnswer(answer, 401, refused(BLACKLISTED, "logged_out"));
});
