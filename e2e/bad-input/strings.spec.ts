import { expect, test } from "../fixtures.ts";
import { textFields } from "../kit/calls.ts";
import { complaint } from "../kit/expect-answer.ts";
import { send } from "../kit/http.ts";
import { claimsOf, enter, logIn, makePerson } from "../kit/people.ts";
import { logInStrings, naughtyStrings } from "../kit/vectors.ts";
import { tryEach, withoutHarm } from "../kit/without-harm.ts";

const TRIED_OTHERWISE = ["POST /api/token", "POST /api/logout_token"];
for (const [call, field] of textFields.filter(([call]) => !TRIED_OTHERWISE.includes(call))) {
  test(`no text sent to ${call} as ${field} does harm`, async ({ server }) => {
    const { access, refresh } = await enter(server);
    await withoutHarm(server, [access, refresh], () =>
      tryEach(field === "password" ? logInStrings : naughtyStrings, async (text) => {
        const answer = await send(server, call, { json: { [field]: text }, bearer: access });
        return complaint(answer, [400, 401, 413]);
      }),
    );
  });
}

test("no address or password logs a stranger in or does harm", async ({ server }) => {
  const { email } = await makePerson(server);
  await withoutHarm(server, [], () =>
    tryEach(logInStrings, async (text) => {
      const known = text.length % 2 === 0;
      const json = { email: known ? email : text, password: text };
      return complaint(await send(server, "POST /api/token", { json }), [400, 401, 413]);
    }),
  );
});

test("a device is called exactly what its owner typed, or the name is refused", async ({ server }) => {
  const { access } = await enter(server);
  const call = `PATCH /api/sessions/${claimsOf(access).sid}`;
  await tryEach(naughtyStrings, async (name) => {
    const answer = await send(server, call, { json: { name }, bearer: access });
    const acceptable = name.length <= 64 && !name.includes("\0") && name.isWellFormed();
    if (!acceptable) return complaint(answer, [400, 413]);
    const kept = (answer.body as { name?: string | null }).name === (name.trim() || null);
    return complaint(answer, [200]) ?? (kept ? undefined : answer.text);
  });
  expect(server.log()).not.toContain("request failed");
});

test("no path, query or header does harm", async ({ server }) => {
  const { access, refresh } = await enter(server);
  await withoutHarm(server, [access, refresh], () =>
    tryEach(
      naughtyStrings.filter((text) => text.isWellFormed() && text.length < 4_000),
      async (text) => {
        const inPath = encodeURIComponent(text);
        const answers = await Promise.all([
          send(server, `DELETE /api/sessions/${inPath}`, { bearer: access }),
          send(server, `GET /api/sessions?cursor=${inPath}`, { bearer: access }),
          send(server, `GET /api/${inPath.replace(/^\.+$/, "x")}`, { bearer: access }),
          ...(isHeaderText(text) ? sendHeaders(server, text) : []),
        ]);
        return answers.map((answer) => complaint(answer, [400, 401, 404])).find(Boolean);
      },
    ),
  );
});

test("a device may call itself anything, its owner still sees it", async ({ server }) => {
  const person = await makePerson(server);
  const names = naughtyStrings.filter((text) => isHeaderText(text) && text.length < 4_000);
  await tryEach(names.slice(0, 60), async (text) => {
    const { email, password } = person;
    const headers = { "user-agent": text, "x-forwarded-for": text };
    return complaint(await send(server, "POST /api/token", { json: { email, password }, headers }), [200]);
  });
  const { access } = await logIn(server, person);
  const list = await send(server, "GET /api/sessions?limit=100", { bearer: access });
  expect((list.body as { results: unknown[] }).results.length).toBeGreaterThan(10);
});

function sendHeaders(server: { origin: string }, text: string) {
  const json = { refresh: "nonsense", token: "nonsense" };
  const names = ["idempotency-key", "origin", "x-forwarded-for", "user-agent", "x-token-delivery", "accept"];
  return [
    ...names.map((name) => send(server, "POST /api/token/refresh", { json, headers: { [name]: text } })),
    send(server, "GET /api/me", { headers: { authorization: text } }),
    send(server, "GET /api/me", { headers: { authorization: `Bearer ${text}` } }),
    send(server, "GET /api/me", { headers: { cookie: `keyturn_access=${text}; keyturn_refresh=${text}` } }),
  ];
}

/** What HTTP lets stand in a header (RFC 9110 §5.5). */
function isHeaderText(text: string): boolean {
  return /^[\t\x20-\x7e\x80-\xff]*$/.test(text);
}
