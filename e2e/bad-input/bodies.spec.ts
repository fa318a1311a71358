import { gzipSync } from "node:zlib";
import { expect, test } from "../fixtures.ts";
import { complaint, expectConventions } from "../kit/expect-answer.ts";
import { type Answer, send } from "../kit/http.ts";
import { claimsOf, enter, PASSWORD, type Pair, type Person } from "../kit/people.ts";
import type { Server } from "../kit/server.ts";
import { jsonVectors } from "../kit/vectors.ts";
import { tryEach, withoutHarm } from "../kit/without-harm.ts";

const MAX_BODY_BYTES = 65_536;

const malformed = [
  "{",
  "}",
  "[",
  "{]",
  "nope",
  "'x'",
  "{'email': 'a'}",
  '{email: "a"}',
  '{"email": "a",}',
  '{"email": "a"} x',
  '{"email": "a"}{}',
  '{"email": undefined}',
  '{"email": NaN}',
  '{"email": 0x10}',
  '{"email": 01}',
  '{"email": .5}',
  '{"email": "\t"}',
  '{"email": "\\x41"}',
  '{"email": "\\u12"}',
  '// comment\n{"email": "a"}',
  "\ufeff{}",
  "\0{}",
  "{}\0",
  `${"[".repeat(60_000)}`,
  `${'{"a":'.repeat(12_000)}`,
];

const twice = [
  '{"email":"a","email":"a"}',
  '{"email":"a","em\\u0061il":"b"}',
  '{"x":{"a":1,"a":2}}',
  '{"x":[{"a":1},{"b":1,"b":1}]}',
  '{"__proto__":1,"__proto__":2}',
  '{"":1,"":2}',
];

const unreadable = [
  Buffer.from([0xff, 0xfe]),
  Buffer.from('{"email":"\xff"}', "latin1"),
  Buffer.concat([Buffer.from('{"email":"'), Buffer.from([0xed, 0xa0, 0x80]), Buffer.from('"}')]),
  Buffer.concat([Buffer.from('{"email":"'), Buffer.from([0xc0, 0x80]), Buffer.from('"}')]),
  Buffer.from('{"email":"a"}', "utf16le"),
  gzipSync('{"email":"a","password":"b"}'),
];

const wellFormed = [
  "null",
  "true",
  "1",
  '"text"',
  "[]",
  "{}",
  " {} ",
  '{"email":"\\ud800","password":"\\udfff","refresh":"\\ud800","token":"\\ud800","refresh_token":"\\ud800","name":"\\ud800"}',
  '{"email":"\\u0000","password":"\\u0000","refresh":"\\u0000","token":"\\u0000","refresh_token":"\\u0000","name":"\\u0000"}',
  '{"__proto__":{"email":"a","password":"b","refresh":"c","token":"d","refresh_token":"e","all":"1","name":"x"}}',
  '{"constructor":{"prototype":{"email":"a","refresh":"c"}}}',
  '{"email":{"__proto__":null},"refresh":{"toString":1},"token":{"length":1},"refresh_token":{},"all":{},"name":[]}',
  '{"email":[["a"]],"refresh":["a"],"token":[{}],"refresh_token":[[]],"all":[1],"name":{"$gt":""}}',
  `{"deep":${"[".repeat(20_000)}${"]".repeat(20_000)}}`,
];

const utf8 = (text: string) => Buffer.from(text);

test("a body that cannot be parsed is refused by every call and changes nothing", async ({ server }) => {
  await attack(server, [...malformed, ...twice].map(utf8).concat(unreadable), (body) => {
    const { detail, code, ...more } = body as Record<string, string>;
    return code === "parse_error" && /^JSON parse error - /.test(detail ?? "") && isEmpty(more);
  });
});

test("a body that holds nothing we asked for is refused field by field", async ({ server }) => {
  await attack(server, wellFormed.map(utf8), (body) =>
    Object.values(body as object).every(
      (messages) =>
        Array.isArray(messages) && messages.length === 1 && /\.$|^No data provided$/.test(messages[0]),
    ),
  );
});

test("JSON is read as its test suite says, and a key never twice", async ({ server }) => {
  const ownCases = [
    ...[...malformed, ...twice].map((text) => ({ name: text, expect: "reject", bytes: utf8(text) })),
    ...wellFormed.map((text) => ({ name: text, expect: "accept", bytes: utf8(text) })),
  ];
  await withoutHarm(server, [], () =>
    tryEach([...ownCases, ...jsonVectors], async ({ name, expect: verdict, bytes }) => {
      const answer = await post(server, "POST /api/token", bytes, "");
      const tooLarge = bytes.length > MAX_BODY_BYTES;
      const refused = (answer.body as { code?: string }).code === "parse_error";
      const mustRefuse = verdict === "reject" || name.includes("duplicated");
      const judged = verdict === "either" || tooLarge || bytes.length === 0 || refused === mustRefuse;
      return complaint(answer, [tooLarge ? 413 : 400]) ?? (judged ? undefined : `${name}: ${answer.text}`);
    }),
  );
});

test("a text that only looks like a key that stands twice is a text", async ({ server }) => {
  for (const email of ['{"a":1,"a":2}', '"a":"a":', '\\"a\\":', "a\\\\", ":", '"']) {
    const answer = await send(server, "POST /api/token", {
      json: { email, password: email, more: { email } },
    });
    expect(answer.status, answer.text).toBe(401);
  }
});

test("a field that stands twice in a form, or is one of the language's own, is refused", async ({
  server,
}) => {
  const type = "application/x-www-form-urlencoded";
  const forms = [
    "email=a&email=b&password=c",
    "__proto__[email]=a&__proto__[password]=b",
    "constructor=x",
    "%ff=%ff",
  ];
  for (const raw of [...forms, "=", "&&&", "email", "%", "x=".repeat(30_000)]) {
    const answer = await send(server, "POST /api/token", { raw, headers: { "content-type": type } });
    expect(answer.status, raw).toBe(400);
    expectConventions(answer);
  }
});

test("a password of a megabyte costs nothing, one of 60 KB is compared", async ({ server }) => {
  const { email } = await enter(server);
  const attempt = (password: string) => send(server, "POST /api/token", { json: { email, password } });
  expect((await attempt("x".repeat(1_000_000))).status).toBe(413);
  expect((await attempt("x".repeat(60_000))).status).toBe(401);
  expect((await attempt("é".repeat(30_000))).status).toBe(401);
  expect((await attempt(PASSWORD)).status).toBe(200);
});

/** Sends each body to every call that reads one, as somebody who is logged in; each is to be refused so. */
async function attack(
  server: Server,
  bodies: Buffer[],
  isRefusal: (body: unknown) => boolean,
): Promise<void> {
  const who = await enter(server);
  await withoutHarm(server, [PASSWORD, who.access, who.refresh], async () => {
    for (const call of callsWithBody(who)) {
      await tryEach(bodies, async (bytes) => {
        const answer = await post(server, call, bytes, who.access);
        return complaint(answer, [400]) ?? (isRefusal(answer.body) ? undefined : `${call}: ${answer.text}`);
      });
    }
  });
}

function isEmpty(value: object): boolean {
  return Object.keys(value).length === 0;
}

function callsWithBody({ access }: Person & Pair): string[] {
  return [
    "POST /api/token",
    "POST /api/token/refresh",
    "POST /api/token/verify",
    "POST /api/token/blacklist",
    "POST /logout_token",
    `PATCH /api/sessions/${claimsOf(access).sid}`,
  ];
}

function post(server: Server, call: string, raw: Buffer, bearer: string): Promise<Answer> {
  return send(server, call, { raw, bearer, headers: { "content-type": "application/json" } });
}
