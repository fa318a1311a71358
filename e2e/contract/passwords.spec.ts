import { lastTokenTo, mailsTo } from "@/lib/testing/mailbox.ts";
import { expect, test } from "../fixtures.ts";
import { complaint, expectAnswer } from "../kit/expect-answer.ts";
import { send } from "../kit/http.ts";
import { claimsOf, enter, logIn, makePerson, PASSWORD } from "../kit/people.ts";
import type { Server } from "../kit/server.ts";
import { logInStrings } from "../kit/vectors.ts";
import { tryEach, withoutHarm } from "../kit/without-harm.ts";

const NEXT = "another horse, another battery";
const ASKED = { status: "If that address has an account, a reset link is on its way." };
const RESET = { status: "Your password is changed, and every device is logged out." };
const CHANGED = { status: "Your password is changed, and every other device is logged out." };
const LINK_ENDED = { token: ["This link was used, replaced by a newer one, or has expired."] };
const required = (...fields: string[]) =>
  Object.fromEntries(fields.map((field) => [field, ["This field is required."]]));

const forgot = (server: Server, email: string, headers = {}) =>
  send(server, "POST /api/password/forgot", { json: { email }, headers });

async function linkTo(server: Server, email: string): Promise<string> {
  expectAnswer(await forgot(server, email), 202, ASKED);
  return lastTokenTo(await server.app(), email, "/reset-password");
}

test.describe("a forgotten password", () => {
  test("every well-formed address gets one answer, and the rest says what is wrong", async ({ server }) => {
    const { email } = await makePerson(server);
    for (const address of [
      email,
      email.toUpperCase(),
      ` ${email}\n`,
      "nobody@example.com",
      "ü@example.com",
    ]) {
      const wellFormed = address !== "ü@example.com";
      const answer = await forgot(server, address);
      if (wellFormed) expectAnswer(answer, 202, ASKED);
      else expectAnswer(answer, 400, { email: ["Enter a valid email address."] });
    }
    const post = (json: unknown) => send(server, "POST /api/password/forgot", { json });
    expectAnswer(await post({}), 400, required("email"));
    expectAnswer(await post({ email: "" }), 400, { email: ["This field may not be blank."] });
    expectAnswer(await post({ email: ["a@example.com"] }), 400, { email: ["Not a valid string."] });
  });

  test("the link is made from APP_URL, whatever Host a request names", async ({ server }) => {
    const { email } = await makePerson(server);
    const poison = {
      host: "evil.example",
      "x-forwarded-host": "evil.example",
      "x-forwarded-proto": "https",
      forwarded: "host=evil.example",
      origin: "https://evil.example",
      referer: "https://evil.example/",
    };
    expectAnswer(await forgot(server, email, poison), 202, ASKED);
    const app = await server.app();
    const [mail] = await mailsTo(app, email);
    const links = [
      ...(mail?.html.match(/(?<=href=")[^"]+/g) ?? []),
      ...(mail?.text.match(/^http.*$/gm) ?? []),
    ];
    expect(links.filter((link) => link.includes("/reset-password?token="))).toHaveLength(3);
    for (const link of links) expect(link.startsWith(`${app.settings.APP_URL}/`)).toBe(true);
    expect(JSON.stringify(mail)).not.toContain("evil.example");
  });

  test("a sixth mail to one address within the hour is refused, whoever's it is", async ({ startServer }) => {
    const server = await startServer({ RATE_LIMITS: "on" });
    const { email } = await makePerson(server);
    for (const address of [email, "nobody@example.com"]) {
      for (const _ of Array(5)) expectAnswer(await forgot(server, address), 202, ASKED);
      const refused = await forgot(server, address);
      expect(refused.status).toBe(429);
      expect(refused.body).toEqual({
        detail: expect.stringMatching(/^Request was throttled\. Expected available in 7\d\d seconds\.$/),
        code: "throttled",
      });
      expect(Number(refused.headers["retry-after"])).toBeGreaterThan(700);
    }
  });

  test("opening the link spends nothing, by whatever method and however often", async ({ server }) => {
    const { email } = await makePerson(server);
    const token = await linkTo(server, email);
    const page = `/reset-password?token=${token}`;
    const prefetch = {
      purpose: "prefetch",
      "sec-purpose": "prefetch;prerender",
      "next-router-prefetch": "1",
    };
    for (const method of ["HEAD", "GET", "GET", "OPTIONS"]) {
      expect((await send(server, `${method} ${page}`)).status).toBeLessThan(500);
      expect((await send(server, `${method} ${page}`, { headers: prefetch })).status).toBeLessThan(500);
    }
    const { headers } = await send(server, `GET ${page}`);
    expect(headers).toMatchObject({ "cache-control": "no-store", "referrer-policy": "no-referrer" });
    expectAnswer(await send(server, `GET /api/password/reset?token=${token}`), 405, {
      detail: 'Method "GET" not allowed.',
      code: "method_not_allowed",
    });
    const json = { token, password: NEXT };
    expectAnswer(await send(server, "POST /api/password/reset", { json }), 200, RESET);
    expect(server.log()).not.toContain(token);
  });
});

test.describe("a reset", () => {
  test("works once, ends every session, and tells the old device why", async ({ server }) => {
    const person = await enter(server);
    const token = await linkTo(server, person.email);
    const reset = (password: string) =>
      send(server, "POST /api/password/reset", { json: { token, password } });
    expectAnswer(await reset("password1"), 400, { password: ["This password is too common."] });
    const answers = await Promise.all([reset(NEXT), reset(NEXT), reset(`${NEXT} too`)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400, 400]);
    expectAnswer(await reset(NEXT), 400, LINK_ENDED);
    const me = await send(server, "GET /api/me", { bearer: person.access });
    expect(me.status).toBe(401);
    expect(me.body).toMatchObject({ reason: "password_changed" });
    const again = { json: { token } };
    expectAnswer(await send(server, "POST /api/password/forgot/again", again), 202, ASKED);
  });

  test("asks for what is missing", async ({ server }) => {
    const call = "POST /api/password/reset";
    expectAnswer(await send(server, call, { json: {} }), 400, required("token", "password"));
    expectAnswer(await send(server, "POST /api/password/forgot/again", { json: {} }), 400, required("token"));
  });
});

test.describe("a change", () => {
  const change = (server: Server, bearer: string, json: unknown) =>
    send(server, "POST /api/password/change", { json, bearer });

  test("keeps this session, ends the others, and wants the current password", async ({ server }) => {
    const person = await enter(server);
    const other = await logIn(server, person);
    expectAnswer(await change(server, person.access, {}), 400, required("current_password", "new_password"));
    expectAnswer(
      await change(server, person.access, { current_password: "wrong", new_password: NEXT }),
      400,
      {
        current_password: ["That password is not right."],
      },
    );
    expectAnswer(
      await change(server, person.access, { current_password: PASSWORD, new_password: "short" }),
      400,
      {
        new_password: ["This password is too short. It must contain at least 8 characters."],
      },
    );
    const wish = { current_password: PASSWORD, new_password: NEXT };
    expectAnswer(await change(server, person.access, wish), 200, CHANGED);
    expect((await send(server, "GET /api/me", { bearer: person.access })).status).toBe(200);
    expect((await send(server, "GET /api/me", { bearer: other.access })).body).toMatchObject({
      reason: "password_changed",
    });
    expect(claimsOf((await logIn(server, { ...person, password: NEXT })).access).user_id).toBe(person.id);
  });

  test("sent from two devices at once is made once, and nobody gets a server error", async ({ server }) => {
    const person = await enter(server);
    const other = await logIn(server, person);
    const answers = await Promise.all(
      [person.access, other.access].map((bearer, index) =>
        change(server, bearer, { current_password: PASSWORD, new_password: `${NEXT} ${index}` }),
      ),
    );
    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses[0]).toBe(200);
    expect([400, 401]).toContain(statuses[1]);
  });
});

test("no text sent as a password or a link does harm", async ({ server }) => {
  test.setTimeout(120_000);
  const { access, refresh } = await enter(server);
  await withoutHarm(server, [access, refresh], () =>
    tryEach(logInStrings, async (text) => {
      const reset = { token: text, password: text };
      const change = { json: { current_password: text, new_password: text }, bearer: access };
      const answers = await Promise.all([
        send(server, "POST /api/password/forgot", { json: { email: text } }),
        send(server, "POST /api/password/forgot/again", { json: { token: text } }),
        send(server, "POST /api/password/reset", { json: reset }),
        send(server, "POST /api/password/change", change),
      ]);
      return answers.map((answer) => complaint(answer, [202, 400, 413])).find(Boolean);
    }),
  );
});

test("a password manager is led to where the password is changed", async ({ server }) => {
  for (const path of ["/.well-known/change-password", "/.well-known/change-password/"]) {
    const answer = await send(server, `GET ${path}`);
    expect(answer).toMatchObject({ status: 302, text: "", headers: { location: "/account/security" } });
    expect(answer.headers["cache-control"]).toBe("no-store");
  }
});
