import { describe, expect, it } from "vitest";
import { instant, secondsAfter } from "@/lib/base/clock.ts";
import { deriveKey } from "@/lib/base/crypto.ts";
import { createTokenKeys } from "./keys.ts";
import { accessTokenId, readTokenId, refreshTokenId } from "./token-id.ts";

const SECRET = "a secret that only these tests use, long enough";
const key = deriveKey(SECRET, "jti");
const SESSION = "0199c5a0-2222-7000-8000-000000000002";
const START = instant("2026-03-01T12:00:00.250Z");
const idOf = (n: number) => `0199c5a0-2222-7000-8000-${String(n).padStart(12, "0")}`;

describe("a jti", () => {
  it.each([1, 2, 255, 65_536, 2 ** 31 - 1])("tells session and generation %i to us", (generation) => {
    const jti = refreshTokenId(key, SESSION, generation);
    expect(readTokenId(key, jti)).toEqual({ kind: "refresh", sessionId: SESSION, generation });
  });

  it("of an access token tells when it was made too", () => {
    const subject = { id: SESSION, generation: 3, authenticatedAt: secondsAfter(START, -0.25) };
    expect(readTokenId(key, accessTokenId(key, subject, START))).toEqual({
      kind: "access",
      sessionId: SESSION,
      generation: 3,
      issuedAt: START,
      authTimeSeconds: Math.floor(START.getTime() / 1000),
    });
  });

  it("is another for each kind, session and generation", () => {
    const names = Array.from({ length: 10_000 }, (_, n) => refreshTokenId(key, idOf(n % 100), n));
    const subject = { id: idOf(1), generation: 1, authenticatedAt: START };
    names.push(accessTokenId(key, subject, START));
    expect(new Set(names).size).toBe(10_001);
  });
});

describe("nobody without the secret", () => {
  it("can name a generation's token", async () => {
    const material = { algorithm: "HS256", verifyingKeys: [] };
    const others = [
      await createTokenKeys({ ...material, secret: `${SECRET}!` }),
      await createTokenKeys({ ...material, secret: `${SECRET}!`, signingKey: SECRET }),
    ];
    for (const { identity } of others) {
      const jti = refreshTokenId(identity, SESSION, 4);
      expect(jti).not.toBe(refreshTokenId(key, SESSION, 4));
      expect(readTokenId(key, jti)).toBeNull();
    }
  });

  it("can change one to name another session, or spell it in another way", () => {
    const refresh = refreshTokenId(key, SESSION, 4);
    const access = accessTokenId(key, { id: SESSION, generation: 4, authenticatedAt: START }, START);
    for (const jti of [refresh, access]) {
      for (let at = 0; at < jti.length; at += 1) {
        const changed = `${jti.slice(0, at)}${jti[at] === "A" ? "B" : "A"}${jti.slice(at + 1)}`;
        expect(readTokenId(key, changed)).toBeNull();
      }
      for (const other of [`${jti}A`, jti.slice(1), jti.slice(0, -1), ` ${jti}`, `${jti}=`, `${jti}\n`]) {
        expect(readTokenId(key, other)).toBeNull();
      }
    }
  });

  it.each([
    "",
    "x",
    "a".repeat(32),
    "\0",
    "é".repeat(44),
    "A".repeat(44),
    "_".repeat(10_000),
  ])("%j is none", (jti) => {
    expect(readTokenId(key, jti)).toBeNull();
  });
});
