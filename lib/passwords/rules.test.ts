import { describe, expect, it } from "vitest";
import { readVectorLines } from "@/lib/testing/vectors.ts";
import { validatePassword } from "./rules.ts";

const ADA = { email: "ada.lovelace@example.com", name: "Ada Lovelace" };
const check = (password: string, person: { email: string; name: string } = ADA) =>
  validatePassword(password, person);

const SHORT = ["This password is too short. It must contain at least 8 characters."];
const LONG = ["This password is too long. It must contain at most 128 characters."];
const COMMON = ["This password is too common."];
const PERSONAL = ["This password is too similar to your address or name."];

/** The start of every list of stolen passwords, for machines without the vectors. */
const COMMON_PASSWORDS = [
  "password",
  "12345678",
  "123456789",
  "1234567890",
  "qwertyuiop",
  "iloveyou",
  "sunshine",
  "princess",
  "football",
  "baseball",
  "superman",
  "trustno1",
  "password1",
  "qwerty123",
  "passw0rd",
  "starwars",
  "11111111",
  "00000000",
  "abcd1234",
  "1q2w3e4r",
  "internet",
  "whatever",
  "computer",
  "michelle",
];

describe("length, in characters after NFC", () => {
  it.each([
    ["nothing", ""],
    ["seven characters", "zq7 kv!"],
    ["four signs of four bytes and three letters", "🔑🚪🏠🌳kv!"],
    ["eight that are seven when composed", "zq7kve\u0301!"],
    ["seven signs of four bytes", "🔑".repeat(7)],
  ])("%s is too short", (_, password) => {
    expect(check(password)).toEqual(SHORT);
  });

  it.each([
    ["eight characters", "zq7 kv!w"],
    ["eight signs of four bytes", "🔑🚪🏠🌳🐝🌞🌈🎈"],
    ["eight, three accents among them, written apart", "e\u0301o\u0302u\u0308kvzq7"],
    ["128 times one sign", "a".repeat(128)],
    ["64 characters", "correct horse battery staple ".repeat(3).slice(0, 64)],
    ["128 characters", `${"correct horse battery staple ".repeat(5).slice(0, 127)}!`],
    ["128 signs of four bytes", "🔑🚪🏠🌳".repeat(32)],
  ])("%s will do", (_, password) => {
    expect(check(password)).toEqual([]);
  });

  it.each([
    ["129 characters", `${"correct horse battery staple ".repeat(5).slice(0, 128)}!`],
    ["129 signs of four bytes", `${"🔑🚪🏠🌳".repeat(32)}🔑`],
    ["a megabyte", "x".repeat(1_000_000)],
  ])("%s is too long", (_, password) => {
    expect(check(password)).toEqual(LONG);
  });

  it("128 characters that are written as 256 will do", () => {
    expect(check("e\u0301a\u0308".repeat(64))).toEqual([]);
  });
});

describe("no rules of composition", () => {
  it.each([
    "correct horse battery staple",
    "zebra umbrella cactus",
    "ПравильнаяЛошадь",
    "正确的马电池订书钉吧",
    "        zq",
    "8302915746",
    "mvkqzjwx",
    "MVKQZJWX",
    "!?#=%&/(",
    "tab\tand space",
  ])("%j will do", (password) => {
    expect(check(password)).toEqual([]);
  });
});

describe("common passwords", () => {
  const listed = [...new Set([...COMMON_PASSWORDS, ...readVectorLines("passwords")])].filter(
    (password) => [...password].length >= 8,
  );

  it(`refuses each of ${listed.length}, in any case, and backwards`, () => {
    const allowed = listed.filter((password) => check(password).length === 0);
    expect(allowed).toEqual([]);
    for (const password of listed.slice(0, 500)) {
      expect([password, check(password.toUpperCase())]).not.toEqual([password, []]);
      expect([password, check([...password].reverse().join(""))]).not.toEqual([password, []]);
    }
  });

  it("the whole password is compared: a common one in a longer one will do", () => {
    for (const password of COMMON_PASSWORDS) expect(check(`${password} on a zebra`)).toEqual([]);
  });

  it.each([
    "12345678",
    "87654321",
    "1234567890",
    "0987654321q",
    "qwertyuiop",
    "poiuytrewq",
    "asdfghjkl",
    "asdfghjk1",
  ])("refuses %j, a walk along the keyboard", (password) => {
    expect(check(password)).toEqual(COMMON);
  });
});

describe("the person's own words", () => {
  it.each([
    ["the address", "ada.lovelace@example.com"],
    ["the address in capitals", "ADA.LOVELACE@EXAMPLE.COM"],
    ["what stands before the @", "ada.lovelace"],
    ["that twice", "ada.lovelaceada.lovelace"],
    ["the name", "Ada Lovelace"],
    ["the name without its space", "adalovelace"],
    ["the product's name twice", "keyturnkeyturn"],
  ])("refuses %s", (_, password) => {
    expect(check(password)).toEqual(PERSONAL);
  });

  it("refuses the name however its accents are written, in the account or in the password", () => {
    for (const name of ["Zoë Müller", "Zoë Müller".normalize("NFD")]) {
      for (const password of ["zoë müller", "ZOË MÜLLER".normalize("NFD"), "zoëmüller"]) {
        expect(check(password, { email: "z@example.com", name })).toEqual(PERSONAL);
      }
    }
  });

  it("a word of one's own in a longer password will do", () => {
    expect(check("ada.lovelace wrote the first program")).toEqual([]);
  });

  it("somebody without a name is not asked about it", () => {
    expect(check("zebra umbrella", { email: "x@example.com", name: "" })).toEqual([]);
    expect(check("zebra umbrella", { email: "x@example.com", name: "   " })).toEqual([]);
  });
});

describe("what nobody can type", () => {
  it.each([
    ["a NUL", "correct\0horse"],
    ["half a sign", "correct\ud83dhorse"],
    ["the other half", "correct\udd11horse"],
  ])("refuses %s", (_, password) => {
    expect(check(password)).toHaveLength(1);
    expect(check(password)).not.toEqual(COMMON);
  });
});

it("a refusal never repeats the password", () => {
  for (const password of [
    "zq7kv!",
    "password",
    "keyturnkeyturn",
    "ada.lovelace",
    "x".repeat(200),
    "zq7\0kv!wx",
  ]) {
    const said = check(password).join();
    expect(said).not.toBe("");
    expect(said.replace("This password", "")).not.toContain(password);
  }
});
