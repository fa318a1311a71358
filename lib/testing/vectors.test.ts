import { expect, it } from "vitest";
import { addressVectors, asciiCollisions } from "./address-vectors.ts";
import { hasVectors, naughtyStrings, readVectorLines } from "./vectors.ts";

it("the big list of naughty strings is read", () => {
  expect(naughtyStrings.length).toBeGreaterThan(400);
});

it.skipIf(!hasVectors).each([
  ["addresses", 200, addressVectors],
  ["characters that become ASCII", 50, asciiCollisions],
  ["injections", 500, () => readVectorLines("injection")],
  ["markup", 100, () => readVectorLines("xss")],
  ["common passwords", 1_000, () => readVectorLines("passwords")],
] as const)("the public list of %s is read", (_, least, read) => {
  expect(read().length).toBeGreaterThan(least);
});
