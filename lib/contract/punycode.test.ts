import { describe, expect, it } from "vitest";
import { decodePunycode } from "./punycode.ts";

describe("what a label means", () => {
  it.each([
    ["mller-kva", "müller"],
    ["r8jz45g", "例え"],
    ["egbpdaj6bu4bxfgehfvwxn", "ليهمابتكلموشعربي؟"],
    ["ihqwcrb4cv8a8dqg056pqjye", "他们为什么不说中文"],
    ["3B-ww4c5e180e575a65lsy2b".toLowerCase(), "3年b組金八先生"],
    ["ls8h", "💩"],
    ["abc-", "abc"],
  ])("%s is %s", (encoded, text) => {
    expect(decodePunycode(encoded)).toBe(text);
  });

  it.each(["-abc", "ü", "99999999999", "abc-9", "9".repeat(59)])("%s means nothing", (encoded) => {
    expect(decodePunycode(encoded)).toBeNull();
  });

  it("is what the runtime made the label of, for letters from everywhere in Unicode", () => {
    let compared = 0;
    for (let code = 0x80; code <= 0x2ffff; code += 97) {
      const text = `x${String.fromCodePoint(code)}y`;
      if (!/^x(?!\p{Changes_When_NFKC_Casefolded})\p{L}y$/u.test(text)) continue;
      if (!URL.canParse(`http://${text}.example`)) continue;
      const [label = ""] = new URL(`http://${text}.example`).hostname.split(".");
      if (!label.startsWith("xn--")) continue;
      compared += 1;
      expect(decodePunycode(label.slice(4))).toBe(text);
    }
    expect(compared).toBeGreaterThan(500);
  });
});
