import { describe, expect, it } from "vitest";
import { validatePassword } from "@/lib/passwords/rules.ts";
import { readVectorLines } from "@/lib/testing/vectors.ts";
import { measureStrength } from "./measure-strength.ts";

const ADA = { email: "ada.lovelace@example.com", name: "Ada Lovelace" };
const measure = (password: string) => measureStrength(password, Object.values(ADA));

describe("how hard a password is to guess", () => {
  it.each([
    ["password1", 0, "Many people use one like it."],
    ["aaaaaaaaaaaa", 0, "Repeating the same adds little."],
    ["abcdefgh12", 1, "Runs such as abcd or 6543 are tried early."],
    ["ada.lovelace", 0, "Your address and name are tried early."],
    ["lovelace1815", 1, "Your address and name are tried early."],
    ["1990-05-06x", 2, "Dates and years are tried early."],
    ["zq7 kv!", 2, "Use at least 8 characters."],
    ["mvkqzjwx", 2, "Another word or two would help."],
    ["purple giraffe", 2, "Another word or two would help."],
    ["purple giraffe kite", 4, ""],
    ["Tr0ub4dor&3", 3, ""],
    ["babbage1791", 2, "Another word or two would help."],
    ["correct horse battery staple", 4, ""],
    ["ПравильнаяЛошадь", 4, ""],
  ])("%j: level %i", async (password, level, advice) => {
    expect(await measure(password)).toEqual({ level, advice });
  });

  it("one's own words count only where they are told", async () => {
    expect((await measureStrength("lovelace1815", [])).advice).not.toContain("name");
  });

  it("however its accents are typed, it is judged alike", async () => {
    const composed = "café crème brûlée";
    expect(await measure(composed.normalize("NFD"))).toEqual(await measure(composed));
  });

  it("praises no password that the rules call too common", async () => {
    const listed = ["password", "qwertyuiop", "trustno1", ...readVectorLines("passwords").slice(0, 100)];
    const refused = listed.filter((password) => validatePassword(password, ADA)[0]?.includes("common"));
    const measured = await Promise.all(refused.map(measure));
    expect(refused.length).toBeGreaterThan(2);
    expect(refused.filter((_, index) => (measured[index]?.level ?? 4) > 2)).toEqual([]);
  }, 60_000);
});
