import { generateKeyPairSync } from "node:crypto";
import { decodeProtectedHeader, jwtVerify } from "jose";
import { expect, test } from "../fixtures.ts";
import { expectAnswer } from "../kit/expect-answer.ts";
import { send } from "../kit/http.ts";
import { enter, type Pair, refresh } from "../kit/people.ts";
import type { Server, Variables } from "../kit/server.ts";

test.setTimeout(300_000);

const NEW_SECRET = "the signing key that follows, which nobody has seen yet";

function pemPair() {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return {
    publicPem: String(publicKey.export({ type: "spki", format: "pem" })),
    privatePem: String(privateKey.export({ type: "pkcs8", format: "pem" })),
  };
}

async function expectLoggedIn(server: Server, { access, refresh: token }: Pair): Promise<Pair> {
  expect((await send(server, "GET /api/me", { bearer: access })).status).toBe(200);
  expectAnswer(
    await send(server, "POST /api/token/verify", { json: { token: access, live: true } }),
    200,
    {},
  );
  return refresh(server, token);
}

async function expectRefused(server: Server, { access, refresh: token }: Pair): Promise<void> {
  expect((await send(server, "GET /api/me", { bearer: access })).status).toBe(401);
  const answer = await send(server, "POST /api/token/refresh", { json: { refresh: token } });
  expect(answer.body).toMatchObject({ detail: "Token is invalid", code: "token_not_valid" });
}

/** The same database and SECRET_KEY under other keys, as after a restart. */
function restartedWith({ variables }: Server, keys: Variables): Variables {
  const { SIGNING_KEY: _old, VERIFYING_KEY: _older, ...kept } = variables;
  return { ...kept, ...keys };
}

test("a shared secret is changed and nobody is logged out, until the old one is taken away", async ({
  startServer,
}) => {
  const before = await startServer();
  const [waking, sleeping] = [await enter(before), await enter(before)];
  const old = before.variables.SECRET_KEY ?? "";

  const changed = await startServer(restartedWith(before, { SIGNING_KEY: NEW_SECRET, VERIFYING_KEY: old }));
  const first = await expectLoggedIn(changed, waking);
  for (const token of [first.access, first.refresh]) await jwtVerify(token, Buffer.from(NEW_SECRET));
  const notYet = await startServer(restartedWith(before, { VERIFYING_KEY: NEW_SECRET }));
  const turned = await expectLoggedIn(changed, await expectLoggedIn(notYet, first));

  const done = await startServer(restartedWith(before, { SIGNING_KEY: NEW_SECRET }));
  await expectLoggedIn(done, turned);
  await expectRefused(done, sleeping);
});

test("a key pair is changed while old and new processes run side by side, and nobody is logged out", async ({
  startServer,
}) => {
  const [old, next] = [pemPair(), pemPair()];
  const keys = (own: typeof old, others: (typeof old)[] = []) => ({
    ALGORITHM: "ES256",
    SIGNING_KEY: own.privatePem,
    ...(others.length > 0 && { VERIFYING_KEY: others.map(({ publicPem }) => publicPem).join("\n") }),
  });
  const before = await startServer(keys(old));
  const person = await enter(before);

  const announcing = await startServer(restartedWith(before, keys(old, [next])));
  const signing = await startServer(restartedWith(before, keys(next, [old])));
  const turned = await expectLoggedIn(signing, person);
  expect(decodeProtectedHeader(turned.access).kid).not.toBe(decodeProtectedHeader(person.access).kid);
  const back = await expectLoggedIn(announcing, turned);
  const newest = await expectLoggedIn(signing, back);
  const published = (await send(signing, "GET /.well-known/jwks.json")).body as { keys: { kid: string }[] };
  expect(published.keys.map(({ kid }) => kid)).toEqual([
    decodeProtectedHeader(newest.access).kid,
    decodeProtectedHeader(person.access).kid,
  ]);

  const done = await startServer(restartedWith(before, keys(next)));
  expect((await send(done, "GET /api/me", { bearer: back.access })).status).toBe(401);
  await expectLoggedIn(done, newest);
});
