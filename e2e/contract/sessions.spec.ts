import { expect, test } from "../fixtures.ts";
import { ANY_ID } from "../kit/calls.ts";
import { bearerRefused, expectAnswer, INSTANT } from "../kit/expect-answer.ts";
import { send } from "../kit/http.ts";
import { claimsOf, enter, logIn, makePerson, type Person } from "../kit/people.ts";
import type { Server } from "../kit/server.ts";

const FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
const INSTANT_TEXT = expect.stringMatching(INSTANT);
const notFound = { detail: "Not found.", code: "not_found" };

type Listed = { results: { id: string; current: boolean; name: string | null }[]; next: string | null };

test("a person sees who they are", async ({ server }) => {
  const { access, id, email } = await enter(server);
  const answer = await send(server, "GET /api/me", { bearer: access });
  expect(answer.headers["x-user-id"], "for a gateway that asks who is calling").toBe(id);
  expectAnswer(answer, 200, {
    id,
    email,
    name: "",
    role: "user",
    email_verified_at: INSTANT_TEXT,
    created_at: INSTANT_TEXT,
    two_factor: { email: false, totp: false, passkeys: 0, recovery_codes_left: 0 },
  });
});

test.describe("the list of devices", () => {
  test("says of each what the person can recognise it by", async ({ server }) => {
    const { email, password } = await makePerson(server);
    const headers = { "user-agent": FIREFOX, "x-forwarded-for": "203.0.113.9" };
    const answer = await send(server, "POST /api/token", { json: { email, password }, headers });
    const { access } = answer.body as { access: string };
    expectAnswer(await send(server, "GET /api/sessions", { bearer: access }), 200, {
      results: [
        {
          id: claimsOf(access).sid,
          current: true,
          name: null,
          created_at: INSTANT_TEXT,
          last_seen_at: INSTANT_TEXT,
          expires_at: INSTANT_TEXT,
          ip: "127.0.0.1",
          browser: "Firefox",
          os: "Linux",
          device: "desktop",
          location: null,
          amr: ["pwd"],
          application: null,
          opened_by: null,
        },
      ],
      next: null,
    });
  });

  test("begins with this device, then goes by newest activity, page after page", async ({ server }) => {
    const { devices } = await withDevices(server, 5);
    const [first, ...others] = devices;
    const expected = [first, ...others.reverse()].map((device) => device?.id);
    const seen: string[] = [];
    let next: string | null = "";
    while (next !== null) {
      const page: Listed = await list(server, first?.access, `?limit=2${next && `&cursor=${next}`}`);
      expect(page.results.length).toBeLessThanOrEqual(2);
      seen.push(...page.results.map(({ id }) => id));
      next = page.next;
    }
    expect(seen).toEqual(expected);
  });

  test("holds nobody else's devices and none that ended", async ({ server }) => {
    await enter(server);
    const { devices } = await withDevices(server, 2);
    const [here, there] = devices;
    await send(server, "POST /api/logout", { bearer: there?.access ?? "" });
    const { results } = await list(server, here?.access);
    expect(results.map(({ id }) => id)).toEqual([here?.id]);
  });

  test("refuses a limit or cursor that it never gave out", async ({ server }) => {
    const { access } = await enter(server);
    for (const limit of ["0", "101", "-1", "1.5", "x", "", "1e2", "9".repeat(400), "1&limit=2"]) {
      const answer = await send(server, `GET /api/sessions?limit=${limit}`, { bearer: access });
      expectAnswer(answer, 400, { detail: expect.stringContaining(""), code: "bad_request" });
    }
    const injected = btoa(JSON.stringify(["2026-01-01T00:00:00.000Z", "' or 1=1"]));
    for (const cursor of ["x", "e30", "W10", "%00", "x".repeat(600), injected, btoa('["now",null]')]) {
      const answer = await send(server, `GET /api/sessions?cursor=${encodeURIComponent(cursor)}`, {
        bearer: access,
      });
      expectAnswer(answer, 400, { detail: expect.any(String), code: "bad_request" });
    }
  });
});

test.describe("a device", () => {
  const rename = (server: Server, bearer: string, id: string, name: unknown) =>
    send(server, `PATCH /api/sessions/${id}`, { bearer, json: { name } });

  test("is named, renamed and unnamed by its owner", async ({ server }) => {
    const { access } = await enter(server);
    const id = String(claimsOf(access).sid);
    const before = (await list(server, access)).results[0];
    for (const [given, kept] of [
      ["Laptop", "Laptop"],
      ["  Küche 🍳 ", "Küche 🍳"],
      ["", null],
    ] as const) {
      expectAnswer(await rename(server, access, id, given), 200, { ...before, name: kept });
      expect((await list(server, access)).results[0]?.name).toBe(kept);
    }
  });

  test("is not named what is no name", async ({ server }) => {
    const { access } = await enter(server);
    const id = String(claimsOf(access).sid);
    const wrong: [unknown, string][] = [
      [undefined, "This field is required."],
      [null, "This field may not be null."],
      [7, "Not a valid string."],
      ["x".repeat(65), "Ensure this field has no more than 64 characters."],
      ["a\0b", "Null characters are not allowed."],
      ["\ud800", "Surrogate characters are not allowed."],
    ];
    for (const [name, sentence] of wrong) {
      expectAnswer(await rename(server, access, id, name), 400, { name: [sentence] });
    }
  });

  test("is logged out by its owner, once", async ({ server }) => {
    const { devices } = await withDevices(server, 2);
    const [here, there] = devices;
    const remove = () => send(server, `DELETE /api/sessions/${there?.id}`, { bearer: here?.access ?? "" });
    expectAnswer(await remove(), 204, undefined);
    expectAnswer(await remove(), 404, notFound);
    const answer = await send(server, "GET /api/me", { bearer: there?.access ?? "" });
    expectAnswer(answer, 401, bearerRefused("Token is blacklisted", "revoked_by_owner"));
  });

  test("of somebody else is not found, and stays as it is", async ({ server }) => {
    const attacker = await enter(server);
    const victim = await enter(server);
    const id = String(claimsOf(victim.access).sid);
    for (const other of [id, id.toUpperCase(), ANY_ID, "x", "'or'1'='1", "%00", "1", `${id}x`]) {
      const path = `/api/sessions/${encodeURIComponent(other)}`;
      const renamed = await send(server, `PATCH ${path}`, { bearer: attacker.access, json: { name: "x" } });
      expectAnswer(renamed, 404, notFound);
      expectAnswer(await send(server, `DELETE ${path}`, { bearer: attacker.access }), 404, notFound);
    }
    expect((await list(server, victim.access)).results).toMatchObject([{ id, name: null }]);
  });
});

test("a person logs every other device out and stays here", async ({ server }) => {
  const { devices } = await withDevices(server, 3);
  const [here, ...others] = devices;
  const revoke = () => send(server, "POST /api/sessions/revoke-others", { bearer: here?.access ?? "" });
  expectAnswer(await revoke(), 200, { revoked: 2 });
  expectAnswer(await revoke(), 200, { revoked: 0 });
  for (const { access } of others) {
    const answer = await send(server, "GET /api/me", { bearer: access });
    expectAnswer(answer, 401, bearerRefused("Token is blacklisted", "revoked_by_owner"));
  }
  expect((await list(server, here?.access)).results.map(({ id }) => id)).toEqual([here?.id]);
});

async function list(server: Server, bearer = "", query = ""): Promise<Listed> {
  const answer = await send(server, `GET /api/sessions${query}`, { bearer });
  expect(answer.status, answer.text).toBe(200);
  expect(Object.keys(answer.body as Listed)).toEqual(["results", "next"]);
  return answer.body as Listed;
}

/** A person who logged in on so many devices, the first first. */
async function withDevices(server: Server, count: number) {
  const person: Person = await makePerson(server);
  const devices: { id: string; access: string }[] = [];
  while (devices.length < count) {
    const { access } = await logIn(server, person);
    devices.push({ id: String(claimsOf(access).sid), access });
  }
  return { person, devices };
}
