import { createPublicKey, createSecretKey, type JsonWebKey } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { algorithms } from "../testing/key-material.ts";
import { hasVectors, readVectors } from "../testing/vectors.ts";
import { verifyJwt } from "./jwt.ts";
import type { KeySet, TokenKey } from "./keys.ts";

/** A published token, the key it belongs to, and whether the publisher calls it good. */
type Jwk = JsonWebKey & { alg?: string; use?: string; kid?: string };
type Vector = { id: string; token: string; keys: Jwk[]; encrypted: boolean; good: boolean };

/** RFC 7515 appendix A: the header with a line break in it, and the ECDSA one; then what happens to them on the way. */
const RFC_KEYS: Record<string, Jwk> = {
  HS256: {
    kty: "oct",
    alg: "HS256",
    k: "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow",
  },
  ES256: {
    kty: "EC",
    alg: "ES256",
    crv: "P-256",
    x: "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
    y: "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
  },
};
const RFC_PAYLOAD =
  "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
const RFC_TOKENS = {
  HS256: `eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.${RFC_PAYLOAD}.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk`,
  ES256: `eyJhbGciOiJFUzI1NiJ9.${RFC_PAYLOAD}.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q`,
};

describe("RFC 7515 appendix A", () => {
  it.each([
    "HS256",
    "ES256",
  ] as const)("the %s example is read, and no other key or change of it", async (name) => {
    const keys = keySet(name, [RFC_KEYS[name] ?? {}]);
    const token = RFC_TOKENS[name];
    const claims = { iss: "joe", exp: 1300819380, "http://example.com/is_root": true };
    expect(await verifyJwt(keys, token)).toEqual(claims);
    expect(await verifyJwt(keys, token.replace(RFC_PAYLOAD, RFC_PAYLOAD.replace("pc", "pd")))).toBeNull();
    expect(await verifyJwt(keys, token.slice(0, -2))).toBeNull();
    const other = name === "HS256" ? "ES256" : "HS256";
    expect(await verifyJwt(keySet(other, [RFC_KEYS[other] ?? {}]), token)).toBeNull();
  });
});

/** Signatures that Wycheproof calls valid and we refuse, each on purpose. */
const REFUSED_ON_PURPOSE: [why: string, ids: string[]][] = [
  ["no claims: an empty payload is no JWT", ["signature 259", "signature 272"]],
  ["the payload is not UTF-8, so no JSON", ["signature 263", "signature 275"]],
  ["RS384 is not offered", ["signature 264", "signature 265", "signature 266", "signature 267"]],
  ["RS512 is not offered", ["signature 268", "signature 269", "signature 270", "signature 271"]],
  ["PS384 is not offered", ["signature 320", "signature 321", "signature 322", "signature 323"]],
  ["PS512 is not offered", ["signature 325", "signature 326", "signature 327", "signature 328"]],
  ["the key is for PS256 and the header says PS384", ["signature 346", "signature 350"]],
  ["ES512 is not offered", ["signature 347", "signature 351"]],
  ["a character outside base64url was inserted (RFC 7515 §2)", ["signature 372", "signature 373"]],
];

/** Tokens that Wycheproof calls invalid and the verifier takes, each because it is not the verifier's to judge. */
const JUDGED_ELSEWHERE: [why: string, ids: string[]][] = [
  [
    "the very token of 357, which is valid: the padding was lost upstream",
    ["signature 367", "signature 370"],
  ],
  ["the operator's own key pair has the ROCA weakness; keys never come from a token", ["crypto 46", "key 7"]],
  ["a key set of two families: ours is made for one algorithm", ["crypto 47", "key 1"]],
  ["two keys under one kid: ours are named by thumbprint or HMAC", ["key 4"]],
  ["a secret shorter than its digest: settings ask for 32 bytes", ["key 10", "key 11", "key 12"]],
];

const files: Record<string, string> = {
  signature: "jwt/wycheproof-json_web_signature_test.json",
  crypto: "jwt/wycheproof-json_web_crypto_test.json",
  key: "jwt/wycheproof-json_web_key_test.json",
  encryption: "jwt/wycheproof-json_web_encryption_test.json",
};
const vectors = Object.entries(files).flatMap(([name, path]) => readWycheproof(name, readVectors(path)));

describe.skipIf(!hasVectors)(`Wycheproof's ${vectors.length} JOSE vectors`, () => {
  const parse = JSON.parse;
  beforeEach(() => {
    vi.spyOn(JSON, "parse").mockImplementation(lenient);
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });

  /** Their payloads are no JSON objects, which alone would refuse each: any payload may pass, to judge the rest. */
  function lenient(text: string) {
    try {
      const value = parse(text);
      if (typeof value === "object" && value !== null) return value;
    } catch {}
    return { text };
  }

  it("are all there", () => {
    expect(vectors).toHaveLength(649);
  });

  it("reads every signature they call valid, and no other, but for the exceptions named above", async () => {
    const signatures = vectors.filter(({ encrypted }) => !encrypted);
    const verdicts = await Promise.all(signatures.map(isRead));
    const wrong = signatures.filter(({ good }, index) => verdicts[index] !== good);
    const refused = wrong.filter(({ good }) => good).map(({ id }) => id);
    const taken = wrong.filter(({ good }) => !good).map(({ id }) => id);
    const present = new Set(vectors.map(({ id }) => id));
    const named = (list: [string, string[]][]) =>
      list.flatMap(([, ids]) => ids).filter((id) => present.has(id));
    expect(refused.sort()).toEqual(named(REFUSED_ON_PURPOSE).sort());
    expect(taken.sort()).toEqual(named(JUDGED_ELSEWHERE).sort());
  });

  it("reads nothing that is encrypted, however valid", async () => {
    const verdicts = await Promise.all(vectors.filter(({ encrypted }) => encrypted).map(isRead));
    expect(verdicts.filter(Boolean)).toEqual([]);
  });
});

/** Whether a key set of ours that holds the vector's keys reads its token. */
async function isRead({ token, keys }: Vector): Promise<boolean> {
  const sets = algorithms
    .map((algorithm) => keySet(algorithm, keys))
    .filter(({ verifying }) => verifying.length > 0);
  const payloads = await Promise.all(sets.map((set) => verifyJwt(set, token)));
  return payloads.some((payload) => payload !== null);
}

type Group = {
  public?: Jwk & { keys?: Jwk[] };
  private?: Jwk & { keys?: Jwk[] };
  tests: { tcId: number; jws?: string; jwe?: string; result: string }[];
};

function readWycheproof(name: string, text: string | null): Vector[] {
  const { testGroups }: { testGroups: Group[] } = JSON.parse(text ?? '{"testGroups":[]}');
  return testGroups.flatMap((group) => {
    const key = group.public ?? group.private ?? {};
    return group.tests.map(({ tcId, jws, jwe, result }) => ({
      id: `${name} ${tcId}`,
      token: jws ?? jwe ?? "",
      keys: key.keys ?? [key],
      encrypted: jwe !== undefined,
      good: result === "valid",
    }));
  });
}

/** Those of `jwks` that say they are for signatures of that algorithm: ours is one key for one algorithm. */
function keySet(algorithm: string, jwks: Jwk[]): KeySet {
  const verifying = jwks.filter((jwk) => jwk.alg === algorithm && jwk.use !== "enc").flatMap(toTokenKey);
  return { algorithm, signing: verifying[0] as TokenKey, verifying };
}

/** The key that `jwk` describes; none where it describes none, such as a point off its curve. */
function toTokenKey(jwk: Jwk): TokenKey[] {
  const kid = jwk.kid ?? "";
  if (jwk.kty === "oct") return [{ kid, key: createSecretKey(Buffer.from(jwk.k ?? "", "base64url")) }];
  const { d: _, ...open } = jwk;
  try {
    return [{ kid, key: createPublicKey({ key: open, format: "jwk" }) }];
  } catch {
    return [];
  }
}
