import { join } from "node:path";
import { loadRouteTable } from "@/lib/http/lanes/route-table.ts";
import { expect, test } from "../fixtures.ts";
import { ANY_ID, adminCalls } from "../kit/calls.ts";
import { bearerRefused, expectAnswer, INSTANT, UUID } from "../kit/expect-answer.ts";
import { send } from "../kit/http.ts";
import { claimsOf, enter, logIn, makePerson, type Pair, type Person, refresh } from "../kit/people.ts";
import type { Server } from "../kit/server.ts";

const denied = { detail: "You do not have permission to perform this action.", code: "permission_denied" };
const notFound = { detail: "Not found.", code: "not_found" };
const badRequest = { detail: expect.any(String), code: "bad_request" };
const INSTANT_TEXT = expect.stringMatching(INSTANT);
const app = join(import.meta.dirname, "../../app");

type Admin = Person & Pair;
async function enterAdmin(server: Server): Promise<Admin> {
  const person = await makePerson(server, { role: "admin" });
  return { ...person, ...(await logIn(server, person)) };
}

const as =
  (server: Server, { access: bearer }: Pair) =>
  (call: string, json?: unknown, headers: Record<string, string> = {}) =>
    send(server, call, { bearer, headers, ...(json !== undefined && { json }) });

test.describe("nobody but an admin", () => {
  test("is admitted to any call under /api/admin", async ({ server }) => {
    const { patterns } = await loadRouteTable(app);
    const paths = patterns.filter((pattern) => pattern.startsWith("/api/admin"));
    const known = new Set(adminCalls.map((call) => call.split(" ")[1]?.replace(ANY_ID, "[id]")));
    expect(new Set(paths)).toEqual(known);
    const person = await enter(server);
    const former = await enterAdmin(server);
    const admin = await enterAdmin(server);
    expect((await as(server, former)("GET /api/admin/users")).status).toBe(200);
    const demoted = await as(server, admin)(`PATCH /api/admin/users/${former.id}`, { role: "user" });
    expect(demoted.status, demoted.text).toBe(200);
    for (const call of adminCalls) {
      const json = call.startsWith("GET") ? undefined : {};
      expectAnswer(await send(server, call, json && { json }), 401, {
        detail: "Authentication credentials were not provided.",
        code: "not_authenticated",
      });
      for (const who of [person, former]) expectAnswer(await as(server, who)(call, json), 403, denied);
    }
  });

  test("is admitted by a token that says more than the database", async ({ server }) => {
    const former = await enterAdmin(server);
    const admin = await enterAdmin(server);
    await as(server, admin)(`PATCH /api/admin/users/${former.id}`, { is_active: false });
    for (const call of adminCalls) {
      const answer = await as(server, former)(call, call.startsWith("GET") ? undefined : {});
      expectAnswer(answer, 401, bearerRefused("Token is blacklisted", "account_deactivated"));
    }
  });
});

test.describe("people", () => {
  test("are found by any part of their address or name, and shown with their sessions", async ({
    server,
  }) => {
    const admin = await enterAdmin(server);
    const call = as(server, admin);
    const person = await makePerson(server, { name: "Zoë Zimmermann" });
    await logIn(server, person);
    for (const search of [
      person.email.slice(0, 9),
      person.email.toUpperCase(),
      "zoë z",
      "ZOË ZIMM",
      "immermann",
      `  ${person.email.slice(3, 9)} `,
    ]) {
      const { body } = await call(`GET /api/admin/users?search=${encodeURIComponent(search)}&role=user`);
      expect((body as { results: { id: string }[] }).results.map(({ id }) => id)).toEqual([person.id]);
    }
    for (const search of ["%", "zo_ zimm", "zoë%", "\\"]) {
      const { body } = await call(`GET /api/admin/users?search=${encodeURIComponent(search)}`);
      expect(body).toEqual({ results: [], next: null });
    }
    expectAnswer(await call(`GET /api/admin/users/${person.id}`), 200, {
      id: person.id,
      email: person.email,
      name: "Zoë Zimmermann",
      role: "user",
      is_active: true,
      email_verified_at: INSTANT_TEXT,
      created_at: INSTANT_TEXT,
      last_login_at: INSTANT_TEXT,
      two_factor: { email: false, totp: false, passkeys: 0, recovery_codes_left: 0 },
      sessions: { outstanding: 1, blacklisted: 0, expired: 0 },
    });
    expectAnswer(await call(`GET /api/admin/users/${ANY_ID}`), 404, notFound);
    expectAnswer(await call("GET /api/admin/users/x"), 404, notFound);
    for (const query of [
      "role=root",
      "is_active=yes",
      "limit=0",
      "cursor=x",
      "name=x",
      `search=${"x".repeat(255)}`,
    ]) {
      expectAnswer(await call(`GET /api/admin/users?${query}`), 400, badRequest);
    }
  });

  test("are invited, and refused where the address is none or taken", async ({ server }) => {
    const admin = await enterAdmin(server);
    const call = as(server, admin);
    const email = `invited-${admin.email}`;
    const answer = await call("POST /api/admin/users", { email, name: "New", role: "admin" });
    expect(answer.status, answer.text).toBe(201);
    expect(answer.body).toMatchObject({ email, name: "New", role: "admin", email_verified_at: null });
    expectAnswer(await call("POST /api/admin/users", { email: "x" }), 400, {
      email: ["Enter a valid email address."],
    });
    expectAnswer(await call("POST /api/admin/users", { email: admin.email }), 400, {
      email: ["This address has an account."],
    });
    expectAnswer(await call("POST /api/admin/users", { role: "root" }), 400, {
      email: ["This field is required."],
      role: ['Choose "user" or "admin".'],
    });
  });

  test("are changed and logged out, with every session at once", async ({ server }) => {
    const call = as(server, await enterAdmin(server));
    const person = await enter(server);
    const path = `PATCH /api/admin/users/${person.id}`;
    expect((await call(path, { name: "Grace", role: "admin" })).body).toMatchObject({
      name: "Grace",
      role: "admin",
    });
    expectAnswer(await call(`POST /api/admin/users/${person.id}/logout`, { reason: "x" }), 200, {
      revoked: 1,
    });
    const me = await as(server, person)("GET /api/me");
    expectAnswer(me, 401, bearerRefused("Token is blacklisted", "revoked_by_admin"));
    expect((await call(path, { is_active: false })).body).toMatchObject({ is_active: false });
    const { status } = await send(server, "POST /api/token", {
      json: { email: person.email, password: person.password },
    });
    expect(status).toBe(401);
    expect((await call(path, { is_active: true })).body).toMatchObject({ is_active: true });
    await logIn(server, person);
    expectAnswer(await call(path, {}), 400, {
      non_field_errors: ["Give at least one of is_active, role and name."],
    });
    expectAnswer(await call(path, { is_active: "perhaps" }), 400, {
      is_active: ["Must be a valid boolean."],
    });
    expectAnswer(await call(`PATCH /api/admin/users/${ANY_ID}`, { name: "x" }), 404, notFound);
  });
});

test.describe("sessions", () => {
  test("of everybody are listed, shown and ended", async ({ server }) => {
    const call = as(server, await enterAdmin(server));
    const person = await enter(server);
    const next = await refresh(server, person.refresh);
    const sid = String(claimsOf(next.refresh).sid);
    const listed = await call(`GET /api/admin/sessions?user=${person.email}&state=outstanding`);
    const { results } = listed.body as { results: Record<string, unknown>[] };
    expect(results).toMatchObject([
      {
        id: sid,
        user: { id: person.id },
        jti: claimsOf(next.refresh).jti,
        generation: 2,
        state: "outstanding",
      },
    ]);
    expectAnswer(await call(`GET /api/admin/sessions/${sid}`), 200, results[0]);
    expectAnswer(await call(`DELETE /api/admin/sessions/${sid}`, { reason: "stolen" }), 204, undefined);
    expectAnswer(await call(`DELETE /api/admin/sessions/${sid}`), 404, notFound);
    const ended = await call(
      `GET /api/admin/sessions?user=${person.id}&reason=revoked_by_admin&state=blacklisted`,
    );
    expect(ended.body).toMatchObject({
      results: [{ id: sid, revoked_at: INSTANT_TEXT, reason: "revoked_by_admin" }],
    });
    for (const query of [
      "state=live",
      "reason=x",
      "ip=x",
      "user=x",
      "x=y",
      "limit=x",
      "cursor=x",
      "limit=1&limit=2",
    ]) {
      expectAnswer(await call(`GET /api/admin/sessions?${query}`), 400, badRequest);
    }
  });

  test("that match a filter are ended together, when their number is confirmed and a reason given", async ({
    server,
  }) => {
    const call = as(server, await enterAdmin(server));
    const person = await enter(server);
    await logIn(server, person);
    const filter = { user: person.email };
    const revoke = (body: unknown) => call("POST /api/admin/sessions/revoke", body);
    for (const wrong of [{}, { x: 1 }, undefined, { state: "outstanding" }, { everyone: false }]) {
      const { status, body } = await revoke({ filter: wrong, reason: "x" });
      expect({ status, fields: Object.keys(body as object) }).toEqual({ status: 400, fields: ["filter"] });
    }
    expectAnswer(await revoke({ filter }), 400, { reason: ["This field is required."] });
    expectAnswer(await revoke({ filter, reason: "x", count: 7 }), 400, {
      count: ["2 sessions match by now, not 7."],
    });
    expectAnswer(await revoke({ filter, reason: "x", count: 2 }), 200, { revoked: 2 });
    expectAnswer(await revoke({ filter, reason: "x" }), 200, { revoked: 0 });
  });
});

test("an admin who ends everybody's sessions is logged out too", async ({ startServer }) => {
  const server = await startServer();
  const admin = await enterAdmin(server);
  const call = as(server, admin);
  await enter(server);
  const body = { filter: { everyone: true }, reason: "breach" };
  expectAnswer(await call("POST /api/admin/sessions/revoke", body), 200, { revoked: 2 });
  expectAnswer(await call("GET /api/me"), 401, bearerRefused("Token is blacklisted", "revoked_by_admin"));
});

test("the last active admin stays one", async ({ startServer }) => {
  const server = await startServer();
  const [one, other] = [await enterAdmin(server), await enterAdmin(server)];
  const { body } = await as(server, one)("GET /api/admin/users?role=admin&is_active=true");
  for (const { id } of (body as { results: Person[] }).results.filter(
    ({ id }) => ![one.id, other.id].includes(id),
  ))
    await as(server, one)(`PATCH /api/admin/users/${id}`, { is_active: false });
  const demote = (by: Admin, whom: Admin) =>
    as(server, by)(`PATCH /api/admin/users/${whom.id}`, { role: "user" });
  const answers = await Promise.all([demote(one, other), demote(other, one)]);
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 403]);
  const [left] = answers[0].status === 200 ? [one] : [other];
  const LAST = "The last active administrator stays one. Make somebody else an administrator first.";
  expectAnswer(await demote(left as Admin, left as Admin), 400, { role: [LAST] });
});

test("a token is traced by itself and by its jti", async ({ server }) => {
  const call = as(server, await enterAdmin(server));
  const person = await enter(server);
  await refresh(server, person.refresh);
  const inspect = (body: unknown) => call("POST /api/admin/tokens/inspect", body);
  const used = {
    kind: "refresh",
    state: "blacklisted",
    reason: "rotated",
    generation: 1,
    since: INSTANT_TEXT,
  };
  for (const body of [{ token: person.refresh }, { jti: claimsOf(person.refresh).jti }]) {
    const answer = await inspect(body);
    expect(answer.status, answer.text).toBe(200);
    expect(answer.body).toMatchObject({ ...used, user: { id: person.id, email: person.email } });
    expect((answer.body as { session: { id: string } }).session.id).toMatch(UUID);
    expect(answer.text).not.toContain(person.refresh.split(".")[2]);
  }
  expect((await inspect({ token: person.access })).body).toMatchObject({
    kind: "access",
    state: "outstanding",
  });
  expectAnswer(await inspect({ token: "x" }), 400, { token: ["Token is invalid"] });
  expectAnswer(await inspect({ jti: "x" }), 400, { jti: ["No token of ours has this jti."] });
  for (const body of [{}, { token: "x", jti: "y" }]) {
    expectAnswer(await inspect(body), 400, { non_field_errors: ["Give either token or jti."] });
  }
});

test("the audit trail says who did what to whom and why, as a list and as a file", async ({ server }) => {
  const admin = await enterAdmin(server);
  const call = as(server, admin);
  const person = await enter(server);
  await call(`PATCH /api/admin/users/${person.id}`, { role: "admin", reason: "=1+1" });
  const query = `/api/admin/events?user=${person.id}&type=user.role_changed`;
  const { body } = await call(`GET ${query}`);
  expect(body).toEqual({
    results: [
      {
        id: expect.stringMatching(UUID),
        type: "user.role_changed",
        created_at: INSTANT_TEXT,
        user: { id: person.id, email: person.email },
        actor: { id: admin.id, email: admin.email },
        session_id: null,
        ip: "127.0.0.1",
        browser: null,
        os: null,
        data: { role: "admin", from: "user", why: "=1+1" },
      },
    ],
    next: null,
  });
  for (const who of [admin.id, admin.email]) {
    const theirs = await call(`GET /api/admin/events?actor=${encodeURIComponent(who)}`);
    expect(theirs.body).toEqual(body);
  }
  expect((await call(`GET /api/admin/events?actor=${person.id}`)).body).toEqual({ results: [], next: null });
  const file = await call(`GET ${query}`, undefined, { accept: "text/csv" });
  expect(file.status).toBe(200);
  expect(file.headers["content-type"]).toBe("text/csv; charset=utf-8");
  expect(file.headers["content-disposition"]).toBe('attachment; filename="events.csv"');
  expect(file.headers["cache-control"]).toBe("no-store");
  expect(file.text.split("\r\n")).toHaveLength(3);
  expect(file.text).toContain(`${person.email},${admin.id},${admin.email}`);
  for (const bad of ["type=x", "from=now", "actor=x", "cursor=x"]) {
    expectAnswer(
      await call(`GET /api/admin/events?${bad}`, undefined, { accept: "text/csv" }),
      400,
      badRequest,
    );
  }
  const exports = await call("GET /api/admin/events?type=events.exported&limit=1");
  expect(exports.body).toMatchObject({ results: [{ actor: { id: admin.id }, data: { count: 1 } }] });
});
