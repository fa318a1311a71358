import { join } from "node:path";
import { loadRouteTable } from "@/lib/http/lanes/route-table.ts";
import { expect, test } from "../fixtures.ts";
import { ANY_ID, allowedMethods, loggedInCalls } from "../kit/calls.ts";
import { bearerRefused, expectAnswer, expectConventions } from "../kit/expect-answer.ts";
import { send, sendBytes } from "../kit/http.ts";
import { enter, makePerson } from "../kit/people.ts";
import { AMBIGUOUS_REQUESTS } from "../kit/smuggling.ts";

const METHODS = "GET HEAD POST PUT PATCH DELETE OPTIONS TRACE PROPFIND PURGE".split(" ");
/** Paths that are not there for most methods: the one for all others, and what is only there locally. */
const HIDDEN = /\[\[|^\/api\/dev\//;
const app = join(import.meta.dirname, "../../app");

test.describe("methods", () => {
  test("a caller with the wrong method is told which ones the path takes", async ({ server }) => {
    const { patterns } = await loadRouteTable(app);
    const paths = patterns.filter((pattern) => !HIDDEN.test(pattern)).map(withId);
    expect(paths).toEqual(expect.arrayContaining(Object.keys(allowedMethods).map(withId)));
    for (const path of paths) {
      const allow = String((await send(server, `OPTIONS ${path}`)).headers.allow);
      for (const method of METHODS.filter((each) => !allow.split(", ").includes(each))) {
        const answer = await send(server, `${method} ${path}`);
        const body = { detail: `Method "${method}" not allowed.`, code: "method_not_allowed" };
        expectAnswer(answer, 405, method === "HEAD" ? undefined : body);
        expect(answer.headers.allow).toBe(allow);
      }
    }
  });

  for (const [pattern, allow] of Object.entries(allowedMethods)) {
    test(`${pattern} takes ${allow}, with and without a trailing slash`, async ({ server }) => {
      for (const slash of ["", "/"]) {
        const answer = await send(server, `OPTIONS ${withId(pattern)}${slash}`);
        expectAnswer(answer, 204, undefined);
        expect(answer.headers.allow).toBe(allow);
      }
    });
  }

  test("HEAD answers as GET does, without a body", async ({ server }) => {
    const { access } = await enter(server);
    for (const path of ["/api/health", "/api/ready", "/api/me", "/api/sessions", "/.well-known/jwks.json"]) {
      const get = await send(server, `GET ${path}`, { bearer: access });
      const head = await send(server, `HEAD ${path}`, { bearer: access });
      expect(head.text).toBe("");
      expect({ ...head.headers, ...changing, status: head.status }).toEqual({
        ...get.headers,
        ...changing,
        status: 200,
      });
    }
  });
});

test("a path that does not exist under /api is a 404 in JSON, whatever the method", async ({ server }) => {
  const paths = ["/api", "/api/", "/api/nope", "/api/token/nope", "/api/me/x", "/api/Token"];
  const encoded = ["/api/%74oken", "/api/%", "/api/%zz", "/api/sessions/a/b", "/api/health%00"];
  for (const path of [...paths, ...encoded]) {
    for (const method of METHODS) {
      const answer = await send(server, `${method} ${path}`);
      expectAnswer(answer, 404, method === "HEAD" ? undefined : { detail: "Not found.", code: "not_found" });
    }
  }
});

test("an attacker cannot go round the API by a path with dots", async ({ server }) => {
  const answered = await sendBytes(
    server,
    "POST /x/../api/token HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
  );
  expect(answered).toMatch(/^HTTP\/1\.1 400 /);
  expect(answered).toContain('"code":"bad_request"');
});

for (const protocol of ["h2c", "websocket"]) {
  test(`a client that offers ${protocol} after a page was served gets its ordinary answer`, async ({
    server,
  }) => {
    expect((await send(server, "GET /login")).status).toBe(200);
    const head = "host: x\r\nconnection: Upgrade, HTTP2-Settings, close\r\nhttp2-settings: AAMAAABk\r\n";
    const answered = await sendBytes(
      server,
      `GET /api/health HTTP/1.1\r\n${head}upgrade: ${protocol}\r\n\r\n`,
    );
    expect(answered).toMatch(/^HTTP\/1\.1 200 /);
  });
}

test.describe("bodies", () => {
  const refused = { email: ["This field is required."], password: ["This field is required."] };

  test("64 KiB are read, a byte more is too large, however it is sent", async ({ server }) => {
    const tooLarge = { detail: "The request body is larger than 64 KiB.", code: "payload_too_large" };
    const body = (bytes: number) => `{${" ".repeat(bytes - 2)}}`;
    const headers = { "content-type": "application/json" };
    const post = (raw: string, more = {}) =>
      send(server, "POST /api/token", { raw, headers: { ...headers, ...more } });
    expectAnswer(await post(body(65_536)), 400, refused);
    expectAnswer(await post(body(65_537)), 413, tooLarge);
    expectAnswer(await post(body(4_000_000)), 413, tooLarge);
    const chunked = (raw: string) =>
      sendBytes(
        server,
        `POST /api/token HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: application/json\r\n` +
          `transfer-encoding: chunked\r\n\r\n${raw.length.toString(16)}\r\n${raw}\r\n0\r\n\r\n`,
      );
    expect(await chunked(body(65_536))).toMatch(/^HTTP\/1\.1 400 /);
    expect(await chunked(body(65_537))).toMatch(/^HTTP\/1\.1 413 /);
  });

  test("a body that never ends is refused and its connection closed", async ({ server }) => {
    const endless = `POST /api/token HTTP/1.1\r\nhost: x\r\ncontent-length: 99999999\r\n\r\n${" ".repeat(17_000_000)}`;
    const answer = await sendBytes(server, endless);
    expect(answer).toMatch(/^HTTP\/1\.1 413 .*\r\nconnection: close\r\n/is);
  });

  test("only JSON, and a form where the contract says so, is read", async ({ server }) => {
    const { access } = await enter(server);
    const raw = "email=a";
    const types = ["text/plain", "application/xml", "application/jsonx", ""];
    const charsets = [
      "application/json; charset=latin1",
      "application/x-www-form-urlencoded; charset=utf-16",
    ];
    for (const type of [...types, ...charsets]) {
      const answer = await send(server, "POST /api/token", { raw, headers: { "content-type": type } });
      expectAnswer(answer, 415, unsupported(type));
    }
    const boundary = "-----------------------0123456789abcdef0123";
    const multipart = (body: string) =>
      send(server, "POST /api/token", {
        raw: body.replaceAll("\n", "\r\n"),
        headers: { "content-type": `multipart/form-data; boundary=${boundary}` },
      });
    const field = (name: string, value: string, file = "") =>
      `--${boundary}\nContent-Disposition: form-data; name="${name}"${file}\n\n${value}\n`;
    const nobody = `${field("email", "nobody@example.com")}${field("password", "a password")}--${boundary}--\n`;
    expect((await multipart(nobody)).status).toBe(401);
    const file = field("email", "x", '; filename="x.txt"');
    expectAnswer(await multipart(`${file}${field("password", "p")}--${boundary}--\n`), 400, {
      email: ["Not a valid string."],
    });
    expect((await multipart(`${field("email", "a")}${nobody}`)).body).toMatchObject({ code: "parse_error" });
    expect((await multipart("email=a")).body).toMatchObject({ code: "parse_error" });
    const form = "application/x-www-form-urlencoded";
    const patched = await send(server, `PATCH /api/sessions/${ANY_ID}`, {
      form: { name: "x" },
      bearer: access,
    });
    expectAnswer(patched, 415, unsupported(form));
    for (const type of [
      "application/json",
      "Application/JSON ;charset=UTF-8",
      'application/json; charset="utf-8"',
    ]) {
      const answer = await send(server, "POST /api/token", { raw: "{}", headers: { "content-type": type } });
      expectAnswer(answer, 400, refused);
    }
  });

  test("no body counts as an empty object", async ({ server }) => {
    expectAnswer(await send(server, "POST /api/token"), 400, refused);
  });

  test("what is not JSON is a parse error that quotes nothing", async ({ server }) => {
    for (const raw of [
      "{",
      "{'email':1}",
      '{"password":"hunter2 and more",}',
      "\u{feff}{}",
      "NaN",
      '{"a":1}{}',
    ]) {
      const answer = await send(server, "POST /api/token", {
        raw,
        headers: { "content-type": "application/json" },
      });
      expectAnswer(answer, 400, {
        detail: "JSON parse error - The body is not valid JSON.",
        code: "parse_error",
      });
    }
  });
});

test.describe("who is calling", () => {
  for (const call of loggedInCalls) {
    test(`${call} asks who is calling before anything else`, async ({ server }) => {
      const authorization = (value: string) =>
        send(server, call, {
          raw: "not JSON",
          headers: { authorization: value, "content-type": "text/plain" },
        });
      const missing = {
        detail: "Authentication credentials were not provided.",
        code: "not_authenticated",
      };
      expectAnswer(await send(server, call), 401, missing);
      for (const value of ["", "Basic YTpi", "%", "Bear x.y.z", "Token x", "Bearer, x"]) {
        expectAnswer(await authorization(value), 401, missing);
      }
      const malformed = {
        detail: "Authorization header must contain two space-delimited values",
        code: "bad_authorization_header",
      };
      for (const value of ["Bearer", "Bearer ", "Bearer a b", "Bearer x.y.z,Bearer x.y.z extra"]) {
        expectAnswer(await authorization(value), 401, malformed);
      }
      for (const value of [
        "Bearer %",
        "Bearer null",
        "Bearer  x.y.z",
        "bearer x.y.z",
        "BEARER x.y.z",
        "Bearer\tx",
        "Bearer é",
      ]) {
        expectAnswer(await authorization(value), 401, bearerRefused("Token is invalid"));
      }
    });
  }

  test("a header that HTTP does not allow never reaches a call", async ({ server }) => {
    const get = (value: string) =>
      sendBytes(
        server,
        `GET /api/me HTTP/1.1\r\nhost: x\r\nconnection: close\r\nauthorization: ${value}\r\n\r\n`,
      );
    expect(await get(`Bearer ${"x".repeat(100_000)}`)).toMatch(/^HTTP\/1\.1 431 /);
    expect(await get("Bearer a\0b")).toMatch(/^HTTP\/1\.1 400 /);
  });

  test("a session that ended a moment ago opens nothing any more", async ({ server }) => {
    const { access } = await enter(server);
    await send(server, "POST /api/logout", { bearer: access });
    for (const call of loggedInCalls) {
      const answer = await send(server, call, { bearer: access });
      expectAnswer(answer, 401, bearerRefused("Token is blacklisted", "logged_out"));
    }
  });

  test("an account that was deactivated opens nothing any more", async ({ server }) => {
    const person = await enter(server);
    const { db } = await server.app();
    await db.$client`update users set is_active = false where id = ${person.id}`;
    const answer = await send(server, "GET /api/me", { bearer: person.access });
    expectAnswer(answer, 401, bearerRefused("Token is blacklisted", "account_deactivated"));
  });
});

for (const [fault, bytes] of AMBIGUOUS_REQUESTS) {
  test(`a request with ${fault} smuggles no other one`, async ({ server }) => {
    const answers = (await sendBytes(server, bytes)).match(/^HTTP\/1\.1 \d+/gm);
    expect(answers).toEqual(["HTTP/1.1 400"]);
  });
}

test("health tells of the process, ready of the database", async ({ server }) => {
  expectAnswer(await send(server, "GET /api/health"), 200, { status: "ok" });
  expectAnswer(await send(server, "GET /api/ready"), 200, { status: "ready" });
});

test("every answer has an id of its own", async ({ server }) => {
  const ids = new Set<unknown>();
  const { email } = await makePerson(server);
  for (const json of [{}, { email, password: "wrong" }, { email, password: null }]) {
    const answer = await send(server, "POST /api/token", { json });
    expectConventions(answer);
    ids.add(answer.headers["x-request-id"]);
  }
  expect(ids.size).toBe(3);
});

const changing = { "x-request-id": "", date: "" };

function withId(pattern: string): string {
  return pattern.replace("[id]", ANY_ID);
}

function unsupported(type: string) {
  return { detail: `Unsupported media type "${type}" in request.`, code: "unsupported_media_type" };
}
