import { createHmac } from "node:crypto";
import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { asymmetricAlgorithms, keyPair } from "@/lib/testing/key-material.ts";
import {
  constantTimeEqual,
  deriveKey,
  hmac,
  hmacBytes,
  open,
  randomDigits,
  randomToken,
  readPrivateKey,
  readPublicKey,
  seal,
  secretKey,
  sha256,
} from "./crypto.ts";

const SECRET = "a secret that only these tests use, long enough";
const key = secretKey(SECRET);

describe("chance", () => {
  it("a token carries the bytes that were asked for, and no two are alike", () => {
    const tokens = Array.from({ length: 1_000 }, () => randomToken(32));
    for (const token of tokens) expect(token).toMatch(/^[\w-]{43}$/);
    expect(new Set(tokens).size).toBe(1_000);
  });

  it("codes keep their zeros in front, and each digit is as likely as any other in each place", () => {
    const codes = Array.from({ length: 10_000 }, () => randomDigits(6));
    for (const code of codes) expect(code).toMatch(/^[0-9]{6}$/);
    for (const place of [0, 1, 2, 3, 4, 5]) {
      for (const digit of "0123456789") {
        const seen = codes.filter((code) => code[place] === digit).length;
        expect(seen).toBeGreaterThan(800);
        expect(seen).toBeLessThan(1_200);
      }
    }
  });
});

describe("keys", () => {
  it("one secret gives each purpose a key of its own, the same one again, and never itself", () => {
    const labels = ["jti", "retry key", "refresh token", "code", "rate limit", "kid", ""];
    const derived = labels.map((label) => deriveKey(SECRET, label).export().toString("hex"));
    expect(new Set(derived).size).toBe(labels.length);
    expect(labels.map((label) => deriveKey(SECRET, label).export().toString("hex"))).toEqual(derived);
    for (const bytes of derived) expect(bytes).toMatch(/^[0-9a-f]{64}$/);
    expect(deriveKey(`${SECRET}!`, "jti").equals(deriveKey(SECRET, "jti"))).toBe(false);
    expect(derived).not.toContain(Buffer.from(SECRET).toString("hex"));
  });

  it("derives by HKDF-SHA-256 as RFC 5869 writes it", () => {
    const extracted = createHmac("sha256", "keyturn").update(SECRET).digest();
    const expanded = createHmac("sha256", extracted).update("jti\x01").digest("hex");
    expect(deriveKey(SECRET, "jti").export().toString("hex")).toBe(expanded);
  });

  it("can't be printed", () => {
    for (const shown of [
      inspect(key, { depth: 9, showHidden: true }),
      JSON.stringify(key),
      String(key),
      `${[key]}`,
    ]) {
      expect(shown).not.toContain(SECRET.slice(2, 10));
      expect(shown).not.toContain(Buffer.from(SECRET).toString("base64url").slice(0, 10));
    }
  });

  it.each(
    asymmetricAlgorithms,
  )("reads a key pair of %s, and no public key for a private one", (algorithm) => {
    const { privatePem, publicPem } = keyPair(algorithm);
    expect(readPrivateKey(privatePem).type).toBe("private");
    expect(readPublicKey(publicPem).type).toBe("public");
    expect(readPublicKey(privatePem).equals(readPublicKey(publicPem))).toBe(true);
    expect(readPublicKey(readPrivateKey(privatePem)).equals(readPublicKey(publicPem))).toBe(true);
    expect(() => readPrivateKey(publicPem)).toThrow();
    for (const text of ["", "x", privatePem.slice(0, -60)]) expect(() => readPrivateKey(text)).toThrow();
  });
});

describe("digests", () => {
  it.each([
    ["sha256", "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"],
    [
      "sha384",
      "af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e8e2240ca5e69e2c78b3239ecfab21649",
    ],
    [
      "sha512",
      "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737",
    ],
  ] as const)("HMAC-%s is RFC 4231's, case 2", (hash, hex) => {
    const digest = hmac(secretKey("Jefe"), "what do ya want for nothing?", hash);
    expect(Buffer.from(digest, "base64url").toString("hex")).toBe(hex);
  });

  it("bytes and text say the same", () => {
    expect(hmacBytes(key, "Zoë 🔑").toString("base64url")).toBe(hmac(key, "Zoë 🔑"));
    expect(sha256("abc").toString("hex")).toBe(
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    );
  });
});

describe("comparing", () => {
  it.each([
    ["", "", true],
    ["abc", "abc", true],
    ["abc", "abd", false],
    ["abc", "ab", false],
    ["ab", "abc", false],
    ["abc", "ABC", false],
    ["é", "e\u0301", false],
    ["\ud800", "\udc00", true],
  ])("%j and %j: %s", (a, b, equal) => {
    expect(constantTimeEqual(a, b)).toBe(equal);
  });
});

describe("sealing", () => {
  const box = deriveKey(SECRET, "outbox");

  it("opens what it sealed, beside the same row", () => {
    for (const text of ["", "123456", "Zoë 🔑", "x".repeat(100_000)]) {
      expect(open(box, seal(box, text, "row 1"), "row 1")).toBe(text);
    }
  });

  it("hides the text, and seals it differently each time", () => {
    const sealed = Array.from({ length: 100 }, () => seal(box, "123456", "row 1").toString("hex"));
    expect(new Set(sealed).size).toBe(100);
    for (const hex of sealed) expect(hex).not.toContain(Buffer.from("123456").toString("hex"));
  });

  it("opens nothing under another key, beside another row, cut, or with one bit changed", () => {
    const sealed = seal(box, "123456", "row 1");
    expect(open(deriveKey(SECRET, "other"), sealed, "row 1")).toBeNull();
    expect(open(box, sealed, "row 2")).toBeNull();
    for (let length = 0; length < sealed.length; length += 1) {
      expect(open(box, sealed.subarray(0, length), "row 1")).toBeNull();
    }
    for (let bit = 0; bit < sealed.length * 8; bit += 1) {
      const changed = Buffer.from(sealed);
      changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      expect(open(box, changed, "row 1")).toBeNull();
    }
  });
});
