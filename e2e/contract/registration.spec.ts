import { inviteUser } from "@/lib/auth/registration/invite-user.ts";
import { expect, FRONT_END, test } from "../fixtures.ts";
import { complaint, expectAnswer, INSTANT, PAIR, UUID } from "../kit/expect-answer.ts";
import { send } from "../kit/http.ts";
import { claimsOf, makePerson, newAddress, PASSWORD } from "../kit/people.ts";
import type { Server } from "../kit/server.ts";
import { logInStrings } from "../kit/vectors.ts";
import { tryEach } from "../kit/without-harm.ts";

const CHALLENGE_NOT_VALID = {
  detail: "This code has expired or was used. Start again.",
  code: "challenge_not_valid",
};
const CLOSED = {
  detail: "Registration is closed. Ask an administrator for an invitation.",
  code: "permission_denied",
};

type Mail = { subject: string; text: string };
async function mailTo(server: Server, email: string): Promise<Mail[]> {
  const answer = await send(server, `GET /api/dev/mailbox?to=${encodeURIComponent(email)}`);
  return (answer.body as { results: Mail[] }).results;
}

async function codeTo(server: Server, email: string): Promise<string> {
  const [mail] = await mailTo(server, email);
  return /^\d{6}$/m.exec(mail?.text ?? "")?.[0] ?? "";
}

/** Begins a registration and returns its challenge and code. */
async function begin(server: Server, email: string) {
  const answer = await send(server, "POST /api/register", { json: { email, password: PASSWORD } });
  expect(answer.status, answer.text).toBe(202);
  const { challenge } = answer.body as { challenge: string };
  return { challenge, code: await codeTo(server, email) };
}

const started = (email: string) => ({
  challenge: expect.stringMatching(/^[\w-]{43}$/),
  expires_in: 600,
  resend_in: 60,
  sent_to: `${email[0]}•••@example.com`,
});

test.describe("POST /api/register", () => {
  test("answers 202 alike, header by header, for an address that is free and one that is taken", async ({
    server,
  }) => {
    const { email: taken } = await makePerson(server);
    const free = `${taken[0]}${newAddress()}`;
    const [one, other] = await Promise.all(
      [taken, free].map((email) =>
        send(server, "POST /api/register", { json: { email, password: PASSWORD } }),
      ),
    );
    if (!one || !other) throw new Error("no answers");
    expectAnswer(one, 202, started(taken));
    expectAnswer(other, 202, started(free));
    expect(Object.keys(one.headers)).toEqual(Object.keys(other.headers));
    expect(one.text.length).toBe(other.text.length);
    expect(await codeTo(server, taken)).toBe("");
    expect((await mailTo(server, taken)).map(({ subject }) => subject)).toEqual([
      "You already have an account",
    ]);
    expect(await codeTo(server, free)).toMatch(/^\d{6}$/);
  });

  test("says of each field what is wrong with it", async ({ server }) => {
    const call = (json: unknown) => send(server, "POST /api/register", { json });
    const required = ["This field is required."];
    expectAnswer(await call({}), 400, { email: required, password: required });
    for (const email of [["ada@example.com", "eve@example.com"], { $ne: "" }, 7, true]) {
      expectAnswer(await call({ email, password: PASSWORD }), 400, { email: ["Not a valid string."] });
    }
    expectAnswer(await call({ email: "ada", password: "password1" }), 400, {
      email: ["Enter a valid email address."],
      password: ["This password is too common."],
    });
    const json = { email: newAddress(), password: PASSWORD };
    expectAnswer(await call({ ...json, name: "x".repeat(101) }), 400, {
      name: ["Ensure this field has no more than 100 characters."],
    });
    expectAnswer(await call({ ...json, name: null }), 400, { name: ["This field may not be null."] });
    expectAnswer(
      await call({ ...json, name: "", role: "admin", is_active: false }),
      202,
      started(json.email),
    );
  });

  test("gives its challenge as a cookie to our own pages only", async ({ server }) => {
    const email = newAddress();
    const call = (origin: string) =>
      send(server, "POST /api/register", {
        json: { email, password: PASSWORD },
        headers: { origin, "x-token-delivery": "cookie" },
      });
    const refused = await call("https://evil.example");
    expect(refused.body).toMatchObject({ code: "csrf_failed" });
    expect(await mailTo(server, email)).toEqual([]);
    const granted = await call(FRONT_END);
    expectAnswer(granted, 202, started(email));
    const [cookie, ...more] = granted.headers["set-cookie"] ?? [];
    expect(more).toEqual([]);
    expect(cookie).toMatch(/^keyturn_challenge=[\w-]{43}; Max-Age=4200; Path=\/; HttpOnly; SameSite=Lax$/);
    const byCookie = (headers: Record<string, string>) =>
      send(server, "POST /api/register/resend", {
        json: {},
        headers: { cookie: cookie?.split(";")[0] ?? "", ...headers },
      });
    expect((await byCookie({ origin: "https://evil.example" })).body).toMatchObject({ code: "csrf_failed" });
    expect((await byCookie({})).body).toMatchObject({ code: "csrf_failed" });
    expect((await byCookie({ origin: FRONT_END })).body).toMatchObject({ code: "throttled" });
  });

  test("no address, name or password makes an account or does harm", async ({ server }) => {
    const { db } = await server.app();
    const people = () => db.$client`select * from users order by id`;
    const before = await people();
    await tryEach(logInStrings, async (text) => {
      const email = text.length % 2 ? text : `${text.slice(0, 200)}@example.com`;
      const json = { email, password: PASSWORD, name: text };
      const named = { ...json, email: newAddress(), password: `${PASSWORD} ${text}` };
      const answers = await Promise.all([
        send(server, "POST /api/register", { json }),
        send(server, "POST /api/register", { json: named }),
      ]);
      return answers.map((answer) => complaint(answer, [202, 400, 413])).find(Boolean);
    });
    expect(await people()).toEqual(before);
    expect(server.log()).not.toContain("request failed");
  });
});

test.describe("POST /api/register/verify", () => {
  test("201 with a pair, as a log-in with a code would give, and once only", async ({ server }) => {
    const email = newAddress();
    const json = await begin(server, email);
    const answer = await send(server, "POST /api/register/verify", { json });
    expectAnswer(answer, 201, PAIR);
    expect(answer.headers).not.toHaveProperty("set-cookie");
    const { access } = answer.body as { access: string };
    expect(claimsOf(access)).toMatchObject({ token_type: "access", amr: ["pwd", "email"] });
    const me = await send(server, "GET /api/me", { bearer: access });
    expect(me.body).toMatchObject({ email, role: "user", email_verified_at: expect.stringMatching(INSTANT) });
    expectAnswer(await send(server, "POST /api/register/verify", { json }), 401, CHALLENGE_NOT_VALID);
  });

  test("with cookie delivery no token is in the body, and the waiting challenge's cookie goes", async ({
    server,
  }) => {
    const email = newAddress();
    const { challenge, code } = await begin(server, email);
    const answer = await send(server, "POST /api/register/verify", {
      json: { code },
      headers: { origin: FRONT_END, "x-token-delivery": "cookie", cookie: `keyturn_challenge=${challenge}` },
    });
    expectAnswer(answer, 201, {
      user: expect.objectContaining({ email }),
      session: { id: expect.stringMatching(UUID), expires_at: expect.stringMatching(INSTANT) },
    });
    const cookies = (answer.headers["set-cookie"] ?? []).map((line) => line.replace(/=[^;]+/, "="));
    expect(cookies.map((line) => line.split("=")[0])).toEqual([
      "keyturn_access",
      "keyturn_refresh",
      "keyturn_challenge",
    ]);
    expect(answer.headers["set-cookie"]?.[2]).toContain("keyturn_challenge=; Max-Age=0;");
  });

  test("says how many tries are left, alike for an address that is taken", async ({ server }) => {
    const { email: taken } = await makePerson(server);
    for (const email of [taken, newAddress()]) {
      const { challenge, code } = await begin(server, email);
      const wrong = code === "000000" ? "000001" : "000000";
      for (const left of [4, 3, 2, 1, 0]) {
        expectAnswer(
          await send(server, "POST /api/register/verify", { json: { challenge, code: wrong } }),
          401,
          {
            detail: "That code is not right.",
            code: "code_not_valid",
            attempts_left: left,
          },
        );
      }
      expectAnswer(
        await send(server, "POST /api/register/verify", { json: { challenge, code: wrong } }),
        401,
        CHALLENGE_NOT_VALID,
      );
    }
  });

  test("a second and a third mail wait their minute", async ({ server }) => {
    const { challenge } = await begin(server, newAddress());
    const answer = await send(server, "POST /api/register/resend", { json: { challenge } });
    expect(answer.status).toBe(429);
    expect(Number(answer.headers["retry-after"])).toBeLessThanOrEqual(60);
    const { db } = await server.app();
    await db.$client`update challenges set sent_at = sent_at - interval '61 seconds' where purpose = 'register'`;
    expectAnswer(await send(server, "POST /api/register/resend", { json: { challenge } }), 200, {
      expires_in: 600,
      resend_in: 60,
    });
  });
});

test("while registration is closed all three calls say so, and an invitation still opens", async ({
  startServer,
}) => {
  const server = await startServer({ REGISTRATION: "closed" });
  const email = newAddress();
  const calls = [
    ["POST /api/register", { email, password: PASSWORD }],
    ["POST /api/register/verify", { challenge: "x", code: "123456" }],
    ["POST /api/register/resend", { challenge: "x" }],
  ] as const;
  for (const [call, json] of calls) expectAnswer(await send(server, call, { json }), 403, CLOSED);
  expect(await mailTo(server, email)).toEqual([]);

  const app = await server.app();
  const device = { ip: null, userAgent: "" };
  expect(await inviteUser({ app, now: app.clock.now() }, null, { email }, device)).toMatchObject({
    kind: "invited",
  });
  const [mail] = await mailTo(server, email);
  const token = /\/accept-invitation\?token=([\w-]+)$/m.exec(mail?.text ?? "")?.[1];
  const accept = (password: string) =>
    send(server, "POST /api/invitation/accept", { json: { token, password, name: "Grace" } });
  expectAnswer(await accept("password1"), 400, { password: ["This password is too common."] });
  expectAnswer(await accept(PASSWORD), 200, { status: "Your password is set. You can log in." });
  expectAnswer(await accept(PASSWORD), 400, {
    token: ["This link was used, replaced by a newer one, or has expired. Ask for another invitation."],
  });
  expect((await send(server, "POST /api/token", { json: { email, password: PASSWORD } })).status).toBe(200);
});

test("the sixth registration of an address in an hour is told how long to wait", async ({ startServer }) => {
  const server = await startServer({ RATE_LIMITS: "on" });
  const json = { email: newAddress(), password: PASSWORD };
  for (let sent = 0; sent < 5; sent += 1) {
    expect((await send(server, "POST /api/register", { json })).status).toBe(202);
  }
  const answer = await send(server, "POST /api/register", { json });
  expect(answer.status).toBe(429);
  expect(Number(answer.headers["retry-after"])).toBeGreaterThan(600);
  expect(answer.body).toMatchObject({ code: "throttled" });
  expect(await mailTo(server, json.email)).toHaveLength(5);
});
