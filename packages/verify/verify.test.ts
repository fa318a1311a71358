import { randomBytes } from "node:crypto";
import { exportSPKI, generateKeyPair, importJWK, SignJWT, UnsecuredJWT } from "jose";
import { describe, expect, it } from "vitest";
import { createVerifier } from "./create-verifier.js";
import type { VerifierOptions } from "./index.d.ts";
import { createVerifier as published, TokenRefused } from "./index.js";
import { CLAIMS, ISSUER, startKeyturn } from "./keyturn.fixture.ts";
import { createTime } from "./time.fixture.ts";

const SECRET = "what Keyturn and this service share, and nobody else";

async function start(options: Partial<VerifierOptions> = {}) {
  const keyturn = await startKeyturn();
  const time = createTime();
  const verifier = createVerifier({ issuer: ISSUER, keys: keyturn.jwks, ...options }, time);
  const refusal = (token: unknown) => verifier.verify(token as string).then(() => "let in", codeOf);
  return { keyturn, time, verifier, refusal };
}

function codeOf(fault: unknown) {
  return fault instanceof TokenRefused ? fault.code : fault;
}

function signWithSecret(claims: object = CLAIMS, alg = "HS256", secret = SECRET) {
  return new SignJWT({ ...claims })
    .setProtectedHeader({ alg, typ: "JWT" })
    .sign(new TextEncoder().encode(secret));
}

it("lets a person in with an access token, by the published keys", async () => {
  const { keyturn, verifier } = await start();
  expect(await verifier.verify(await keyturn.sign())).toEqual(CLAIMS);
  expect(verifier.lag()).toBeNull();
  await verifier.ready();
});

it.each([
  "HS256",
  "HS384",
  "HS512",
])("lets a person in with an access token under a shared secret and %s", async (alg) => {
  for (const keys of [SECRET, new TextEncoder().encode(SECRET)]) {
    const { verifier } = await start({ keys });
    expect(await verifier.verify(await signWithSecret(CLAIMS, alg))).toEqual(CLAIMS);
  }
});

it("is what the package hands out", () => {
  expect(published).toBe(createVerifier);
});

describe("an attacker is refused with", () => {
  const { token_type: _, ...idToken } = { ...CLAIMS, aud: "client" };
  it.each<[string, object]>([
    ["an ID token", idToken],
    ["an ID token that has run out", { ...idToken, exp: 1 }],
    ["a refresh token", { ...CLAIMS, token_type: "refresh" }],
    ["a token of another issuer", { ...CLAIMS, iss: "https://login.example.net" }],
    ["a token of no issuer", { ...CLAIMS, iss: undefined }],
    ["a token for another service", { ...CLAIMS, aud: "other-api" }],
    ["a token that never ends", { ...CLAIMS, exp: undefined }],
    ["a token of nobody", { ...CLAIMS, sub: undefined }],
    ["a token of an empty name", { ...CLAIMS, sub: "" }],
    ["a token of no session", { ...CLAIMS, sid: undefined }],
    ["a token whose session is no text", { ...CLAIMS, sid: 7 }],
    ["a token that is not valid yet", { ...CLAIMS, nbf: CLAIMS.exp }],
  ])("%s", async (_, claims) => {
    const { keyturn, refusal } = await start();
    expect(await refusal(await keyturn.sign(claims))).toBe("invalid");
    const shared = await start({ keys: SECRET });
    expect(await shared.refusal(await signWithSecret(claims))).toBe("invalid");
  });

  it("a signature of their own", async () => {
    const { keyturn, refusal } = await start();
    const { privateKey } = await generateKeyPair("ES256");
    expect(await refusal(await keyturn.sign(CLAIMS, {}, privateKey))).toBe("invalid");
  });

  it("another signature of one letter", async () => {
    const { keyturn, refusal } = await start();
    const token = await keyturn.sign();
    const changed = token.at(-10) === "A" ? "B" : "A";
    expect(await refusal(`${token.slice(0, -10)}${changed}${token.slice(-9)}`)).toBe("invalid");
  });

  it("no signature", async () => {
    const { keyturn, refusal } = await start();
    expect(await refusal(new UnsecuredJWT({ ...CLAIMS }).encode())).toBe("invalid");
    const [header, payload] = (await keyturn.sign()).split(".");
    expect(await refusal(`${header}.${payload}.`)).toBe("invalid");
  });

  it("the public key as if it were a shared secret", async () => {
    const { keyturn, refusal } = await start();
    const [jwk = {}] = keyturn.keys;
    const pem = await exportSPKI((await importJWK(jwk, "ES256", { extractable: true })) as CryptoKey);
    for (const secret of [pem, pem.trim(), JSON.stringify(jwk), jwk.x ?? ""])
      for (const header of [{ alg: "HS256" }, { alg: "HS256", kid: "one" }]) {
        const signed = new SignJWT({ ...CLAIMS }).setProtectedHeader(header);
        expect(await refusal(await signed.sign(new TextEncoder().encode(secret)))).toBe("invalid");
      }
  });

  it("a key of their own in the token, where a secret is shared", async () => {
    const { keyturn, refusal } = await start({ keys: SECRET });
    expect(await refusal(await keyturn.sign(CLAIMS, { jwk: keyturn.keys[0] }))).toBe("invalid");
    expect(keyturn.calls).toEqual([]);
  });

  it.each([
    undefined,
    null,
    "",
    "none",
    "a.b.c",
    "..",
    7,
    {},
    ["a.b.c"],
    "é.é.é",
    "a".repeat(100_000),
  ])("%j", async (token) => {
    const { keyturn, refusal } = await start();
    expect(await refusal(token)).toBe("invalid");
    expect(keyturn.calls).toEqual([]);
  });
});

describe("a service with a name", () => {
  it.each(["my-api", ["my-api", "my-old-api"]])("lets in who comes for it: %j", async (audience) => {
    const { keyturn, refusal } = await start({ audience });
    expect(await refusal(await keyturn.sign({ ...CLAIMS, aud: ["other-api", "my-api"] }))).toBe("let in");
    expect(await refusal(await keyturn.sign({ ...CLAIMS, aud: "other-api" }))).toBe("invalid");
    expect(await refusal(await keyturn.sign())).toBe("invalid");
  });
});

it("a token has run out from the second that it names", async () => {
  const { keyturn, time, refusal } = await start();
  const token = await keyturn.sign();
  time.move(25 * 60_000 - 1);
  expect(await refusal(token)).toBe("let in");
  time.move(1);
  expect(await refusal(token)).toBe("expired");
});

describe("keys", () => {
  const KEYS = "/.well-known/jwks.json";

  it("are read once, however many people come", async () => {
    const { keyturn, refusal } = await start();
    const tokens = await Promise.all(Array.from({ length: 50 }, () => keyturn.sign()));
    expect(new Set(await Promise.all(tokens.map(refusal)))).toEqual(new Set(["let in"]));
    expect(keyturn.calls).toHaveLength(1);
  });

  it("are not read for each token of a stranger that names an unknown key", async () => {
    const { keyturn, time, refusal } = await start();
    const { privateKey } = await generateKeyPair("ES256");
    const bad = () => keyturn.sign(CLAIMS, { kid: randomBytes(8).toString("hex") }, privateKey);
    for (let round = 0; round < 3; round += 1) {
      const refused = await Promise.all(Array.from({ length: 100 }, async () => refusal(await bad())));
      expect(new Set(refused)).toEqual(new Set(["invalid"]));
      expect(keyturn.callsTo(KEYS)).toHaveLength(round + 1);
      time.move(10_000);
    }
  });

  it("that are new are found by the first token that names them", async () => {
    const { keyturn, time, refusal } = await start();
    expect(await refusal(await keyturn.sign())).toBe("let in");
    keyturn.keys.unshift({ ...keyturn.keys[0], kid: "two" });
    time.move(10_000);
    expect(await refusal(await keyturn.sign(CLAIMS, { kid: "two" }))).toBe("let in");
  });

  it("that were withdrawn are forgotten within ten minutes", async () => {
    const { keyturn, time, refusal } = await start();
    const token = await keyturn.sign();
    expect(await refusal(token)).toBe("let in");
    keyturn.keys.splice(0, 1, { ...keyturn.keys[0], kid: "two" });
    time.move(10 * 60_000 - 1);
    expect(await refusal(token)).toBe("let in");
    time.move(1);
    expect(await refusal(token)).toBe("invalid");
  });

  it.each([
    { status: 503 },
    { status: 200, body: "<html>" },
    { status: 200, body: { keys: 7 } },
    { status: 302, headers: { location: "/keys" } },
  ])("that are known go on while %j is answered in place of them", async (answer) => {
    const { keyturn, time, refusal } = await start();
    const token = await keyturn.sign();
    expect(await refusal(token)).toBe("let in");
    keyturn.answerInstead(() => answer);
    time.move(11 * 60_000);
    for (let again = 0; again < 20; again += 1) expect(await refusal(token)).toBe("let in");
    expect(keyturn.calls).toHaveLength(2);
  });

  it("that hang hold a person up once, and nobody after that", async () => {
    const { keyturn, time, refusal } = await start();
    const token = await keyturn.sign();
    await refusal(token);
    keyturn.answerInstead(() => "none");
    time.move(11 * 60_000);
    const heldUp = refusal(token);
    time.move(await time.waiting(5_000, 5_000));
    expect(await heldUp).toBe("let in");
    time.move(10_000);
    expect(await refusal(token)).toBe("let in");
    await time.waiting(5_000, 5_000);
  });

  it("that were never read are no fault of the caller's", async () => {
    const { keyturn, time, refusal } = await start();
    keyturn.answerInstead(() => ({ status: 500 }));
    const token = await keyturn.sign();
    for (let again = 0; again < 20; again += 1) expect(await refusal(token)).toBe("unavailable");
    expect(keyturn.calls).toHaveLength(1);
    keyturn.answerInstead(null);
    time.move(10_000);
    expect(await refusal(token)).toBe("let in");
  });
});

describe("a mistake in the options is told at once", () => {
  const good = { issuer: ISSUER, keys: SECRET };
  const feed = { url: ISSUER, id: "shop", secret: "secret", whenStale: "refuse" };
  it.each<[string, object]>([
    ["issuer", { ...good, issuer: "" }],
    ["issuer", { keys: SECRET }],
    ["audience", { ...good, audience: [""] }],
    ["keys", { issuer: ISSUER }],
    ["keys", { ...good, keys: "" }],
    ["keys", { ...good, keys: "-----BEGIN PUBLIC KEY-----\nMFk" }],
    ["keys", { ...good, keys: "http://" }],
    ["keys", { ...good, keys: new URL("file:///keys") }],
    ["whenStale", { ...good, revocations: { ...feed, whenStale: undefined } }],
    ["whenStale", { ...good, revocations: { ...feed, whenStale: "reject" } }],
    ["revocations.url", { ...good, revocations: { ...feed, url: "login.example.com" } }],
    ["revocations.id", { ...good, revocations: { ...feed, id: undefined } }],
    ["revocations.secret", { ...good, revocations: { ...feed, secret: "" } }],
    ["staleAfterSeconds", { ...good, revocations: { ...feed, staleAfterSeconds: 0 } }],
    ["staleAfterSeconds", { ...good, revocations: { ...feed, staleAfterSeconds: "30" } }],
  ])("%s in %j", (name, options) => {
    expect(() => createVerifier(options as VerifierOptions)).toThrow(TypeError);
    expect(() => createVerifier(options as VerifierOptions)).toThrow(name);
  });
});
