import { describe, expect, it } from "vitest";
import { epochSeconds, instant, secondsAfter } from "@/lib/base/clock.ts";
import { algorithms, asymmetricAlgorithms, keyPair } from "../testing/key-material.ts";
import { checkClaims } from "./claims.ts";
import { verifyJwt } from "./jwt.ts";
import { createTokenKeys } from "./keys.ts";
import { signAccessToken, signTokenPair, type TokenPolicy, type TokenSubject } from "./session-tokens.ts";

const SECRET = "a secret that only these tests use, long enough";
const START = instant("2026-03-01T12:00:00.250Z");
const start = epochSeconds(START);

const subject: TokenSubject = {
  id: "0199c5a0-2222-7000-8000-000000000002",
  userId: "0199c5a0-1111-7000-8000-000000000001",
  generation: 4,
  rotatedAt: START,
  authenticatedAt: secondsAfter(START, -600),
  idleExpiresAt: secondsAfter(START, 3_600),
  expiresAt: secondsAfter(START, 7_200),
  amr: ["pwd", "email"],
  applicationId: null,
};
const policy: TokenPolicy = {
  accessLifetimeSeconds: 1_800,
  userIdClaim: "user_id",
  applicationIssuer: "http://keyturn.test",
  audience: [],
};

const material = (algorithm: string) => ({
  algorithm,
  secret: SECRET,
  signingKey: asymmetricAlgorithms
    .filter((each) => each === algorithm)
    .map((each) => keyPair(each).privatePem)
    .at(0),
  verifyingKeys: [],
});
const keys = await createTokenKeys(material("HS256"));

async function payloads(facts: Partial<TokenSubject> = {}, terms: Partial<TokenPolicy> = {}) {
  const pair = await signTokenPair(keys, { ...subject, ...facts }, { ...policy, ...terms });
  return {
    access: await verifyJwt(keys.access, pair.access),
    refresh: await verifyJwt(keys.refresh, pair.refresh),
  };
}

const whose = { user_id: subject.userId, sub: subject.userId, sid: subject.id };
const accessClaims = {
  token_type: "access",
  jti: expect.stringMatching(/^[\w-]{60}$/),
  iat: start,
  exp: start + 1_800,
  ...whose,
  auth_time: start - 600,
  amr: ["pwd", "email"],
};
const refreshClaims = {
  token_type: "refresh",
  jti: expect.stringMatching(/^[\w-]{44}$/),
  iat: start,
  exp: start + 3_600,
  ...whose,
  gen: 4,
};

it.each(
  algorithms,
)("under %s both tokens say exactly this, and each opens its own door", async (algorithm) => {
  const mine = await createTokenKeys(material(algorithm));
  const pair = await signTokenPair(mine, subject, policy);
  const access = await verifyJwt(mine.access, pair.access);
  const refresh = await verifyJwt(mine.refresh, pair.refresh);
  expect(access).toEqual(accessClaims);
  expect(refresh).toEqual(refreshClaims);
  const expectations = { ...policy, leewaySeconds: 0 };
  expect(checkClaims(access ?? {}, "access", expectations, START).kind).toBe("valid");
  expect(checkClaims(refresh ?? {}, "refresh", expectations, START).kind).toBe("valid");
});

describe("iss, aud and the name of the user claim", () => {
  it("stand in both tokens when they are set", async () => {
    const set = { issuer: "https://id.example", audience: ["api"], userIdClaim: "uid" };
    const { user_id: id, ...rest } = whose;
    const expected = { ...rest, uid: id, iss: "https://id.example", aud: "api" };
    const { user_id: _, ...accessRest } = accessClaims;
    const { user_id: __, ...refreshRest } = refreshClaims;
    expect(await payloads({}, set)).toEqual({
      access: { ...accessRest, ...expected },
      refresh: { ...refreshRest, ...expected },
    });
  });

  it("several audiences stand as a list", async () => {
    const { access, refresh } = await payloads({}, { audience: ["api", "web"] });
    expect(access).toEqual({ ...accessClaims, aud: ["api", "web"] });
    expect(refresh).toEqual({ ...refreshClaims, aud: ["api", "web"] });
  });
});

describe("the end of the session is the end of its tokens", () => {
  it("an access token ends with the session, however long it would live", async () => {
    const { access } = await payloads({
      expiresAt: secondsAfter(START, 100),
      idleExpiresAt: secondsAfter(START, 100),
    });
    expect(access?.exp).toBe(start + 100);
  });

  it("a refresh token ends with the row's idle end", async () => {
    const { refresh } = await payloads({ idleExpiresAt: secondsAfter(START, 55) });
    expect(refresh?.exp).toBe(start + 55);
  });
});

describe("the same facts give the same pair, and any other fact another token", () => {
  it("byte for byte under HS*", async () => {
    expect(await signTokenPair(keys, { ...subject }, policy)).toEqual(
      await signTokenPair(keys, subject, policy),
    );
  });

  it.each([
    ["the next generation", { generation: 5 }],
    ["another session", { id: "0199c5a0-2222-7000-8000-000000000003" }],
  ])("another jti for %s", async (_, facts) => {
    const here = await payloads();
    const there = await payloads(facts);
    expect(there.access?.jti).not.toBe(here.access?.jti);
    expect(there.refresh?.jti).not.toBe(here.refresh?.jti);
    expect(here.access?.jti).not.toBe(here.refresh?.jti);
  });

  it("another jti for an access token of the same generation a moment later, or after a step-up", async () => {
    const tokens = await Promise.all([
      signAccessToken(keys, subject, policy, START),
      signAccessToken(keys, subject, policy, secondsAfter(START, 0.001)),
      signAccessToken(keys, { ...subject, authenticatedAt: START }, policy, START),
    ]);
    const ids = await Promise.all(tokens.map(async (token) => (await verifyJwt(keys.access, token))?.jti));
    expect(new Set(ids).size).toBe(3);
  });
});

it("a row that knows more than its tokens may say lets nothing more into them", async () => {
  const row = {
    ...subject,
    email: "a@example.com",
    name: "Ada",
    role: "admin",
    ip: "192.0.2.1",
    retryKeyHash: "x",
  };
  expect(await payloads(row)).toEqual({ access: accessClaims, refresh: refreshClaims });
});
