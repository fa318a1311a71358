import { calculateJwkThumbprint, createLocalJWKSet, importJWK, type JSONWebKeySet, jwtVerify } from "jose";
import { describe, expect, it } from "vitest";
import { asymmetricAlgorithms, keyPair, symmetricAlgorithms } from "../testing/key-material.ts";
import { signJwt, verifyJwt } from "./jwt.ts";
import { createTokenKeys } from "./keys.ts";

/** What a public key of each family consists of (RFC 7518 §6, RFC 8037 §2). */
const PUBLIC_PARTS: Record<string, string[]> = { RSA: ["n", "e"], EC: ["crv", "x", "y"], OKP: ["crv", "x"] };
const SECRET = "a secret that only these tests use, long enough";
const OTHER = "another secret that only these tests use as well";
const PAYLOAD = { sub: "x" };

describe.each(symmetricAlgorithms)("under %s", (algorithm) => {
  it("one key signs both tokens, and nothing is published", async () => {
    const keys = await createTokenKeys({ algorithm, secret: SECRET, verifyingKeys: [] });
    expect(keys.access).toBe(keys.refresh);
    expect(keys.access.algorithm).toBe(algorithm);
    expect(keys.access.signing.key.export().toString()).toBe(SECRET);
    expect(keys.jwks).toEqual({ keys: [] });
  });

  it("SIGNING_KEY takes the place of the secret for signatures, not for names of tokens", async () => {
    const plain = await createTokenKeys({ algorithm, secret: SECRET, verifyingKeys: [] });
    const keys = await createTokenKeys({ algorithm, secret: SECRET, signingKey: OTHER, verifyingKeys: [] });
    expect(keys.access.signing.key.export().toString()).toBe(OTHER);
    expect(keys.identity.equals(plain.identity)).toBe(true);
    expect(await verifyJwt(plain.access, await signJwt(keys.access, PAYLOAD))).toBeNull();
  });

  it("an earlier secret still verifies and never signs", async () => {
    const before = await createTokenKeys({ algorithm, secret: SECRET, signingKey: OTHER, verifyingKeys: [] });
    const now = await createTokenKeys({ algorithm, secret: SECRET, verifyingKeys: [OTHER] });
    expect(await verifyJwt(now.access, await signJwt(before.access, PAYLOAD))).toEqual(PAYLOAD);
    expect(await verifyJwt(before.access, await signJwt(now.access, PAYLOAD))).toBeNull();
  });

  it("the kid tells keys apart, stays with its key, and holds nothing of it", async () => {
    const [a, again, b] = await Promise.all(
      [SECRET, SECRET, OTHER].map((secret) => createTokenKeys({ algorithm, secret, verifyingKeys: [] })),
    );
    expect(a?.access.signing.kid).toMatch(/^[\w-]{16}$/);
    expect(again?.access.signing.kid).toBe(a?.access.signing.kid);
    expect(b?.access.signing.kid).not.toBe(a?.access.signing.kid);
  });

  it.each(
    asymmetricAlgorithms,
  )("a key pair of %s is no HMAC secret: whoever knows the public key could sign", async (pair) => {
    const { publicPem, privatePem } = keyPair(pair);
    for (const pem of [publicPem, privatePem, ` \n${publicPem}`]) {
      const asVerifying = createTokenKeys({ algorithm, secret: SECRET, verifyingKeys: [pem] });
      await expect(asVerifying).rejects.toThrow(/PEM/);
      const asSigning = createTokenKeys({ algorithm, secret: SECRET, signingKey: pem, verifyingKeys: [] });
      await expect(asSigning).rejects.toThrow(/PEM/);
    }
  });
});

describe.each(asymmetricAlgorithms)("under %s", (algorithm) => {
  const present = keyPair(algorithm);
  const earlier = keyPair(algorithm, "earlier");
  const made = (verifyingKeys: string[] = []) =>
    createTokenKeys({ algorithm, secret: SECRET, signingKey: present.privatePem, verifyingKeys });

  it("publishes public keys only, each under its thumbprint (RFC 7638)", async () => {
    const { jwks } = await made([earlier.publicPem]);
    expect(jwks.keys).toHaveLength(2);
    for (const jwk of jwks.keys) {
      expect(jwk).toMatchObject({ use: "sig", alg: algorithm, kid: await calculateJwkThumbprint(jwk) });
      const parts = PUBLIC_PARTS[jwk.kty ?? ""] ?? [];
      expect(Object.keys(jwk).sort()).toEqual(["alg", "kid", "kty", "use", ...parts].sort());
    }
  });

  it("publishes no private key that was given to verify with", async () => {
    const { jwks } = await made([earlier.privatePem]);
    const secretParts = ["d", "p", "q", "dp", "dq", "qi", "k", "oth"];
    expect(jwks.keys.flatMap((jwk) => Object.keys(jwk)).filter((name) => secretParts.includes(name))).toEqual(
      [],
    );
    expect(jwks.keys[1]?.kid).toBe((await made([earlier.publicPem])).jwks.keys[1]?.kid);
  });

  it("lets another service verify an access token from the published keys alone", async () => {
    const keys = await made();
    const theirs = createLocalJWKSet(JSON.parse(JSON.stringify(keys.jwks)) as JSONWebKeySet);
    const { payload, key } = await jwtVerify(await signJwt(keys.access, PAYLOAD), theirs, {
      algorithms: [algorithm],
    });
    expect(payload).toEqual(PAYLOAD);
    expect(key).toBeDefined();
    await expect(importJWK(keys.jwks.keys[0] ?? {}, algorithm)).resolves.toMatchObject({ type: "public" });
  });

  it("keeps refresh tokens from other services: HS256 under a key derived from the secret", async () => {
    const keys = await made();
    const { refresh, identity } = keys;
    expect(refresh.algorithm).toBe("HS256");
    expect(refresh.signing.key.export()).toHaveLength(32);
    expect(refresh.signing.key.export().toString()).not.toContain(SECRET.slice(0, 8));
    expect(refresh.signing.key.equals(identity)).toBe(false);
    const elsewhere = await createTokenKeys({
      algorithm,
      secret: OTHER,
      signingKey: present.privatePem,
      verifyingKeys: [],
    });
    expect(await verifyJwt(keys.refresh, await signJwt(elsewhere.refresh, PAYLOAD))).toBeNull();
    expect(await verifyJwt(keys.access, await signJwt(elsewhere.access, PAYLOAD))).toEqual(PAYLOAD);
  });

  it("a retired key still verifies while it is named, and no longer after", async () => {
    const before = await createTokenKeys({
      algorithm,
      secret: SECRET,
      signingKey: earlier.privatePem,
      verifyingKeys: [],
    });
    const token = await signJwt(before.access, PAYLOAD);
    expect(await verifyJwt((await made([earlier.publicPem])).access, token)).toEqual(PAYLOAD);
    expect(await verifyJwt((await made()).access, token)).toBeNull();
  });

  it("a key named twice counts once", async () => {
    const keys = await made([present.publicPem, earlier.publicPem, earlier.publicPem]);
    const kids = keys.jwks.keys.map(({ kid }) => kid);
    expect(new Set(kids).size).toBe(2);
    expect(kids).toHaveLength(2);
    expect(keys.access.verifying.map(({ kid }) => kid)).toEqual(kids);
    expect(keys.access.signing.kid).toBe(kids[0]);
  });

  it("verifies with each key what that key signed, and nothing under the other's kid", async () => {
    const keys = await made([earlier.publicPem]);
    const [one, two] = keys.access.verifying;
    const swapped = { ...keys.access, signing: { key: present.privateKey, kid: two?.kid ?? "" } };
    expect(one?.kid).not.toBe(two?.kid);
    expect(await verifyJwt(keys.access, await signJwt(swapped, PAYLOAD))).toBeNull();
  });

  it("can't begin without a private key", async () => {
    for (const signingKey of [undefined, "", "x", present.publicPem]) {
      await expect(
        createTokenKeys({ algorithm, secret: SECRET, signingKey, verifyingKeys: [] }),
      ).rejects.toThrow();
    }
  });
});
