import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { createLocalJWKSet, decodeProtectedHeader, importPKCS8, jwtVerify, SignJWT } from "jose";
import { expect, test } from "../fixtures.ts";
import { expectAnswer, expectConventions } from "../kit/expect-answer.ts";
import { sign } from "../kit/forge.ts";
import { send } from "../kit/http.ts";
import { claimsOf, enter, refresh } from "../kit/people.ts";
import type { Server } from "../kit/server.ts";

const ec = () => generateKeyPairSync("ec", { namedCurve: "P-256" });
const rsa = () => generateKeyPairSync("rsa", { modulusLength: 2048 });
const ed25519 = () => generateKeyPairSync("ed25519");

const PUBLIC_MEMBERS = {
  RSA: ["alg", "e", "kid", "kty", "n", "use"],
  EC: ["alg", "crv", "kid", "kty", "use", "x", "y"],
  OKP: ["alg", "crv", "kid", "kty", "use", "x"],
};
const asymmetric = { ES256: ec, RS256: rsa, PS256: rsa, EdDSA: ed25519 };

for (const [algorithm, makeKeys] of Object.entries(asymmetric)) {
  test(`another service verifies ${algorithm} tokens by the published keys alone`, async ({
    startServer,
  }) => {
    const { publicKey, privateKey } = inPem(makeKeys());
    const former = inPem(makeKeys());
    const server = await startServer({
      ALGORITHM: algorithm,
      SIGNING_KEY: privateKey.replaceAll("\n", "\\n"),
      VERIFYING_KEY: former.publicKey,
      ISSUER: "https://login.example.com",
      AUDIENCE: "shop",
    });
    const person = await enter(server);
    const header = decodeProtectedHeader(person.access);
    expect(header).toEqual({ alg: algorithm, typ: "JWT", kid: expect.any(String) });

    const keys = await publishedKeys(server);
    expect(keys.map((key) => Object.keys(key).sort())).toEqual(keys.map(({ kty }) => PUBLIC_MEMBERS[kty]));
    expect(keys[0]).toMatchObject({ alg: algorithm, use: "sig", kid: header.kid });
    const verification = { issuer: "https://login.example.com", audience: "shop", algorithms: [algorithm] };
    const keySet = createLocalJWKSet({ keys });
    const { payload } = await jwtVerify(person.access, keySet, verification);
    expect(payload).toMatchObject({ sub: person.id, token_type: "access" });
    await expect(jwtVerify(person.refresh, keySet, verification)).rejects.toThrow();

    const turned = await refresh(server, person.refresh);
    await jwtVerify(turned.access, keySet, verification);
    expect(decodeProtectedHeader(turned.refresh).alg).toBe("HS256");

    const claims = claimsOf(turned.access);
    const formerKey = await importPKCS8(former.privateKey, algorithm);
    const earlier = await new SignJWT(claims).setProtectedHeader({ alg: algorithm }).sign(formerKey);
    expect(await statusOf(server, earlier)).toBe(200);
    for (const secret of [publicKey, publicKey.trim(), JSON.stringify(keys[0])]) {
      expect(await statusOf(server, sign(secret, claims))).toBe(401);
      expect(await statusOf(server, sign(secret, claims, { alg: algorithm, typ: "JWT" }))).toBe(401);
    }
  });
}

test("a shared secret is never published", async ({ server }) => {
  expect(await publishedKeys(server)).toEqual([]);
});

test("HS512 tokens are verified by whoever shares the signing key, for our issuer and audiences", async ({
  startServer,
}) => {
  const SIGNING_KEY = "the signing key that two services share, and nobody else";
  const settings = { ALGORITHM: "HS512", SIGNING_KEY, ISSUER: "keyturn", AUDIENCE: "shop, blog" };
  const server = await startServer(settings);
  const { access } = await enter(server);
  const verification = { issuer: "keyturn", audience: "blog", algorithms: ["HS512"] };
  await jwtVerify(access, Buffer.from(SIGNING_KEY), verification);

  const header = { alg: "HS512", typ: "JWT" };
  const claims = claimsOf(access);
  const changed = (changes: object) => sign(SIGNING_KEY, { ...claims, ...changes }, header, "sha512");
  expect(await statusOf(server, changed({}))).toBe(200);
  expect(await statusOf(server, changed({ aud: "shop" }))).toBe(200);
  for (const changes of [{ iss: undefined }, { iss: "other" }, { aud: undefined }, { aud: ["other"] }]) {
    expect(await statusOf(server, changed(changes)), JSON.stringify(changes)).toBe(401);
  }
});

test("SimpleJWT's settings mean what they mean there", async ({ startServer }) => {
  const server = await startServer({
    ALGORITHM: "HS384",
    AUTH_HEADER_TYPES: "JWT,Bearer",
    USER_ID_CLAIM: "uid",
    ACCESS_TOKEN_LIFETIME: "5m",
    REFRESH_TOKEN_LIFETIME: "2h",
    SESSION_MAX_LIFETIME: "1h",
    ROTATE_REFRESH_TOKENS: "false",
    UPDATE_LAST_LOGIN: "false",
    LEEWAY: "30s",
  });
  const person = await enter(server);
  const [access, refreshed] = [claimsOf(person.access), claimsOf(person.refresh)];
  expect(access).toMatchObject({ uid: person.id, sub: person.id });
  expect(access).not.toHaveProperty("user_id");
  expect(Number(access.exp) - Number(access.iat)).toBe(300);
  expect(Number(refreshed.exp) - Number(refreshed.iat)).toBe(3_600);

  const answer = await send(server, "POST /api/token/refresh", { json: { refresh: person.refresh } });
  expectAnswer(answer, 200, { access: expect.any(String) });
  await send(server, "POST /api/token/refresh", { json: { refresh: person.refresh } });
  expect(await statusOf(server, person.access, "JWT")).toBe(200);
  expect(await statusOf(server, person.access, "Token")).toBe(401);
  expect((await send(server, "GET /api/me")).headers["www-authenticate"]).toBe('JWT realm="api"');

  const secret = server.variables.SECRET_KEY ?? "";
  const ended = (secondsAgo: number) =>
    sign(secret, { ...access, exp: Number(access.iat) - secondsAgo }, { alg: "HS384", typ: "JWT" }, "sha384");
  expect(await statusOf(server, ended(10))).toBe(200);
  expect(await statusOf(server, ended(60))).toBe(401);

  const { db } = await server.app();
  const rows = await db.$client`select last_login_at from users where id = ${person.id}`;
  expect(rows).toEqual([{ last_login_at: null }]);
});

function inPem({ publicKey, privateKey }: Record<"publicKey" | "privateKey", KeyObject>) {
  return {
    publicKey: String(publicKey.export({ type: "spki", format: "pem" })),
    privateKey: String(privateKey.export({ type: "pkcs8", format: "pem" })),
  };
}

type PublishedKey = { kty: keyof typeof PUBLIC_MEMBERS; kid: string };

async function publishedKeys(server: Server): Promise<PublishedKey[]> {
  const answer = await send(server, "GET /.well-known/jwks.json");
  expect(answer.status).toBe(200);
  expect(answer.headers["cache-control"]).toBe("public, max-age=600");
  expectConventions({ ...answer, headers: { ...answer.headers, "cache-control": "no-store" } });
  const { keys, ...more } = answer.body as { keys: PublishedKey[] };
  expect(more).toEqual({});
  return keys;
}

async function statusOf(server: Server, token: string, scheme = "Bearer"): Promise<number> {
  return (await send(server, "GET /api/me", { headers: { authorization: `${scheme} ${token}` } })).status;
}
