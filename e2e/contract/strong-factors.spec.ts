import { createAuthenticator } from "@/lib/testing/authenticator.ts";
import { totpApp } from "@/lib/testing/factors.ts";
import { expect, test } from "../fixtures.ts";
import { send } from "../kit/http.ts";
import { logIn, makePerson } from "../kit/people.ts";
import { type Server, startServer } from "../kit/server.ts";

type Started = { challenge: string; options: { challenge: string; user: { id: string } } };

const closed = { status: 403, body: { code: "two_factor_setup_required" } };

/** Sets an authenticator app up by the API and returns it. */
async function setUpTotp(server: Server, bearer: string) {
  const { body } = await send(server, "POST /api/two-factor/totp", { bearer });
  const totp = totpApp((body as { secret: string }).secret);
  const { clock } = await server.app();
  const code = totp.codeAt(clock.now());
  const confirmed = await send(server, "POST /api/two-factor/totp/confirm", { bearer, json: { code } });
  return { totp, code, confirmed };
}

test.describe("with REQUIRE_TWO_FACTOR=everyone", () => {
  let server: Server;
  test.beforeAll(async () => {
    server = await startServer({ REQUIRE_TWO_FACTOR: "everyone" });
  });
  test.afterAll(() => server.stop());

  test("a person without a strong factor finds that it closes everything but setting up", async () => {
    const person = await makePerson(server);
    const { access: bearer, refresh } = await logIn(server, person);
    for (const call of ["GET /api/me", "GET /api/sessions", "GET /api/events", "GET /api/me/data"])
      expect(await send(server, call, { bearer }), call).toMatchObject(closed);
    const shown = await send(server, "GET /api/two-factor", { bearer });
    expect(shown).toMatchObject({ status: 200, body: { required: true, totp: false } });
    const stepped = await send(server, "POST /api/token/step-up", {
      bearer,
      json: { password: person.password },
    });
    expect(stepped.status).toBe(200);
    const again = await send(server, "POST /api/token/refresh", { json: { refresh } });
    expect(again.status).toBe(200);
    const { access: next } = again.body as { access: string };
    expect((await setUpTotp(server, next)).confirmed.status).toBe(200);
    expect((await send(server, "GET /api/me", { bearer: next })).status).toBe(200);
    expect((await send(server, "DELETE /api/two-factor/totp", { bearer: next })).status).toBe(204);
    expect(await send(server, "GET /api/me", { bearer: next })).toMatchObject(closed);
    expect((await send(server, "POST /logout_token", { bearer: next, json: { all: "1" } })).status).toBe(200);
  });
});

test.describe("with REQUIRE_TWO_FACTOR=admins", () => {
  let server: Server;
  test.beforeAll(async () => {
    server = await startServer({ REQUIRE_TWO_FACTOR: "admins" });
  });
  test.afterAll(() => server.stop());

  test("admins without a strong factor are kept from what only admins may, and nobody else is", async () => {
    const admin = await logIn(server, await makePerson(server, { role: "admin" }));
    const person = await logIn(server, await makePerson(server));
    expect(await send(server, "GET /api/admin/users", { bearer: admin.access })).toMatchObject(closed);
    expect((await send(server, "GET /api/me", { bearer: admin.access })).status).toBe(200);
    expect((await send(server, "GET /api/me", { bearer: person.access })).status).toBe(200);
    await setUpTotp(server, admin.access);
    expect((await send(server, "GET /api/admin/users", { bearer: admin.access })).status).toBe(200);
  });
});

test.describe("over the wire", () => {
  let server: Server;
  test.beforeAll(async () => {
    server = await startServer();
  });
  test.afterAll(() => server.stop());

  test("a log-in names the methods, best first, and mails nothing", async () => {
    const person = await makePerson(server);
    const { access: bearer } = await logIn(server, person);
    const authenticator = createAuthenticator({ origin: (await server.app()).settings.APP_URL });
    const { challenge, options } = (await send(server, "POST /api/passkeys/options", { bearer }))
      .body as Started;
    const json = { challenge, credential: authenticator.make(options), name: "Blue key" };
    const added = await send(server, "POST /api/passkeys", { bearer, json });
    expect(added).toMatchObject({ status: 201, body: { passkey: { name: "Blue key" } } });
    const { code } = await setUpTotp(server, bearer);
    const { email, password } = person;
    const asked = await send(server, "POST /api/token", { json: { email, password } });
    expect(asked.status).toBe(403);
    expect(asked.body).toEqual({
      detail: "Prove it's you with your passkey, authenticator app or a recovery code.",
      code: "two_factor_required",
      challenge: expect.any(String),
      methods: ["passkey", "totp", "recovery_code"],
      expires_in: 600,
    });
    const waiting = (asked.body as { challenge: string }).challenge;
    const answer = (proof: object) =>
      send(server, "POST /api/token/two-factor", { json: { challenge: waiting, ...proof } });
    expect(await answer({ code })).toMatchObject({
      status: 401,
      body: { code: "code_not_valid", attempts_left: 4 },
    });
    expect(await answer({ code, method: "email" })).toMatchObject({
      status: 400,
      body: { method: [expect.any(String)] },
    });
    expect(await answer({ method: "passkey" })).toMatchObject({
      status: 400,
      body: { credential: ["This field is required."] },
    });
    expect(await answer({ method: "passkey", credential: {} })).toMatchObject({ status: 400 });
    expect(await answer({ code: "UUUU", method: "recovery_code" })).toMatchObject({
      status: 400,
      body: { code: [expect.any(String)] },
    });
    const resent = await send(server, "POST /api/token/two-factor/resend", { json: { challenge: waiting } });
    expect(resent).toMatchObject({ status: 400, body: { challenge: [expect.any(String)] } });
    const signing = await send(server, "POST /api/token/two-factor/passkey", {
      json: { challenge: waiting },
    });
    const credential = authenticator.sign((signing.body as Started).options);
    expect((await answer({ method: "passkey", credential })).status).toBe(200);
  });

  test("whatever is wrong with a passkey alone gets one answer", async () => {
    const authenticator = createAuthenticator({
      origin: (await server.app()).settings.APP_URL,
      userHandle: "AAAA",
    });
    const { challenge, options } = (await send(server, "POST /api/token/passkey/options")).body as Started;
    const refused = {
      status: 401,
      body: { code: "passkey_not_valid", detail: "That passkey was not accepted." },
    };
    for (const named of [challenge, challenge, "never-heard-of"]) {
      const json = { challenge: named, credential: authenticator.sign(options) };
      expect(await send(server, "POST /api/token/passkey", { json })).toMatchObject(refused);
    }
    for (const [credential, sentence] of [
      [undefined, "This field is required."],
      [null, "This field may not be null."],
      ["x", "Not a credential."],
      [[], "Not a credential."],
    ]) {
      const none = await send(server, "POST /api/token/passkey", { json: { challenge, credential } });
      expect(none).toMatchObject({ status: 400, body: { credential: [sentence] } });
    }
  });
});

test("where APP_URL names an address there are no passkeys", async () => {
  const server = await startServer({ APP_URL: "http://127.0.0.1:3000" });
  const options = await send(server, "POST /api/token/passkey/options");
  expect(options).toMatchObject({ status: 409, body: { code: "passkeys_unavailable" } });
  await server.stop();
});

test("PASSKEY_RP_ID that is neither the host nor a parent of it stops the start", async () => {
  await expect(startServer({ PASSKEY_RP_ID: "example.org" })).rejects.toThrow(/PASSKEY_RP_ID/);
});
