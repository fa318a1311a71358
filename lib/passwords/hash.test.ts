import { hash } from "@node-rs/argon2";
import { describe, expect, it } from "vitest";
import { createPasswordHasher, needsRehash } from "./hash.ts";

const hasher = createPasswordHasher({ atOnce: 2, waitingAtMost: 1_000 });

async function hashed(password: string): Promise<string> {
  const outcome = await hasher.hash(password);
  if (outcome.kind !== "hashed") throw new Error(outcome.kind);
  return outcome.passwordHash;
}
const verdict = async (password: string, passwordHash: string | null) =>
  (await hasher.verify(password, passwordHash)).kind;

describe("a password is compared whole, as it was typed", () => {
  const long = "x".repeat(127);

  it.each([
    ["a space before", "correct horse battery", " correct horse battery"],
    ["a space after", "correct horse battery", "correct horse battery "],
    ["a line break after", "correct horse battery", "correct horse battery\n"],
    ["a NUL after", "correct horse battery", "correct horse battery\0"],
    ["another case", "correct horse battery", "Correct horse battery"],
    ["one character less", "correct horse battery", "correct horse batter"],
    ["another 73rd byte", `${"x".repeat(72)}a`, `${"x".repeat(72)}b`],
    ["only the first 72 bytes", "x".repeat(100), "x".repeat(72)],
    ["another 128th character", `${long}a`, `${long}b`],
    ["after a NUL something else", "password\0one", "password\0two"],
    ["a full-width letter", "password-one", "password-ｏne"],
    ["a ligature", "office-office", "oﬃce-office"],
    ["an accent less", "passé-passé", "passe-passe"],
    ["a non-breaking space", "correct horse", "correct\u00a0horse"],
    ["nothing", "correct horse battery", ""],
  ])("%s is another password", async (_, password, other) => {
    const passwordHash = await hashed(password);
    expect(await verdict(password, passwordHash)).toBe("match");
    expect(await verdict(other, passwordHash)).toBe("mismatch");
    expect(passwordHash).not.toContain(password);
  });

  it.each([
    ["composed and decomposed é", "caf\u00e9 caf\u00e9", "cafe\u0301 cafe\u0301"],
    ["Hangul", "\ud55c\uad6d\uc5b4 \ube44\ubc00", "\ud55c\uad6d\uc5b4 \ube44\ubc00".normalize("NFD")],
    ["the Ångström sign", "\u00c5ngstr\u00f6m x", "\u212bngstr\u00f6m x"],
  ])("%s are typed alike on different devices, and are one password (NFC)", async (_, here, there) => {
    expect(here).not.toBe(there);
    expect(await verdict(there, await hashed(here))).toBe("match");
    expect(await verdict(here, await hashed(there))).toBe("match");
  });

  it("takes 128 characters of four bytes each", async () => {
    const password = "🔑".repeat(128);
    const passwordHash = await hashed(password);
    expect(await verdict(password, passwordHash)).toBe("match");
    expect(await verdict("🔑".repeat(127), passwordHash)).toBe("mismatch");
  });
});

describe("the hash", () => {
  it("is argon2id with 19 MiB, two passes and one lane, salted anew each time", async () => {
    const hashes = await Promise.all(Array.from({ length: 10 }, () => hashed("correct horse battery")));
    const salts = hashes.map(
      (each) => /^\$argon2id\$v=19\$m=19456,t=2,p=1\$([\w+/]{22})\$[\w+/]{43}$/.exec(each)?.[1],
    );
    expect(salts).not.toContain(undefined);
    expect(new Set(salts).size).toBe(10);
    for (const each of hashes) expect(needsRehash(each)).toBe(false);
  });

  it.each([
    ["less memory", { memoryCost: 8_192, timeCost: 2, parallelism: 1 }],
    ["fewer passes", { memoryCost: 19_456, timeCost: 1, parallelism: 1 }],
    ["more lanes", { memoryCost: 19_456, timeCost: 2, parallelism: 2 }],
    ["another kind", { algorithm: 1, memoryCost: 19_456, timeCost: 2, parallelism: 1 }],
    ["more memory", { memoryCost: 32_768, timeCost: 2, parallelism: 1 }],
  ])("of %s still verifies, and is to be renewed", async (_, options) => {
    const older = await hash("correct horse battery", { algorithm: 2, ...options });
    expect(await verdict("correct horse battery", older)).toBe("match");
    expect(await verdict("correct horse batterY", older)).toBe("mismatch");
    expect(needsRehash(older)).toBe(true);
  });

  it("of nobody costs the same and matches nothing, not even nothing", async () => {
    for (const password of ["", "correct horse battery", "\0", "x".repeat(128)]) {
      expect(await verdict(password, null)).toBe("mismatch");
    }
    const cost = async (passwordHash: string | null) => {
      const started = performance.now();
      for (let turn = 0; turn < 4; turn += 1) await verdict("correct horse batter", passwordHash);
      return performance.now() - started;
    };
    const passwordHash = await hashed("correct horse battery");
    await cost(null);
    const ratios = [];
    for (let round = 0; round < 5; round += 1) ratios.push((await cost(null)) / (await cost(passwordHash)));
    const [, , median = 0] = ratios.sort((a, b) => a - b);
    expect(median).toBeGreaterThan(0.5);
    expect(median).toBeLessThan(2);
  });
});

describe("the bounded queue", () => {
  it("works on no more than its bound at once, keeps no more than its bound waiting, and turns the rest away", async () => {
    const small = createPasswordHasher({ atOnce: 2, waitingAtMost: 3 });
    const outcomes = await Promise.all(Array.from({ length: 12 }, () => small.verify("x", null)));
    const kinds = outcomes.map(({ kind }) => kind);
    expect(kinds).toEqual([...Array(5).fill("mismatch"), ...Array(7).fill("busy")]);
  });

  it("turns away at once, without waiting for those before", async () => {
    const small = createPasswordHasher({ atOnce: 1, waitingAtMost: 0 });
    const order: string[] = [];
    const slow = small.hash("correct horse battery").then(({ kind }) => order.push(kind));
    await small.hash("correct horse battery").then(({ kind }) => order.push(kind));
    await slow;
    expect(order).toEqual(["busy", "hashed"]);
  });

  it("hashing and comparing share one bound", async () => {
    const small = createPasswordHasher({ atOnce: 1, waitingAtMost: 0 });
    const [first, second] = await Promise.all([small.verify("x", null), small.hash("x")]);
    expect([first?.kind, second?.kind]).toEqual(["mismatch", "busy"]);
  });

  it("is free again afterwards, and first come are first served", async () => {
    const small = createPasswordHasher({ atOnce: 1, waitingAtMost: 4 });
    for (let round = 0; round < 3; round += 1) {
      const served: number[] = [];
      const all = Array.from({ length: 5 }, (_, index) =>
        small.verify("x", null).then(({ kind }) => kind === "mismatch" && served.push(index)),
      );
      await Promise.all(all);
      expect(served).toEqual([0, 1, 2, 3, 4]);
    }
  });

  it("a hash that can't be read fails its caller only, and gives its place back", async () => {
    const small = createPasswordHasher({ atOnce: 1, waitingAtMost: 0 });
    for (let turn = 0; turn < 3; turn += 1) await expect(small.verify("x", "no hash")).rejects.toThrow();
    expect((await small.verify("x", null)).kind).toBe("mismatch");
  });

  it("leaves the event loop free: a timer runs while hashes are made", async () => {
    let turns = 0;
    const timer = setInterval(() => {
      turns += 1;
    }, 1);
    await Promise.all(Array.from({ length: 8 }, () => hashed("correct horse battery")));
    clearInterval(timer);
    expect(turns).toBeGreaterThan(3);
  });
});
