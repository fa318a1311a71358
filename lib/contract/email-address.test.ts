import { describe, expect, it } from "vitest";
import { type AddressVector, addressVectors, asciiCollisions } from "../testing/address-vectors.ts";
import { naughtyStrings } from "../testing/vectors.ts";
import { parseEmailAddress } from "./email-address.ts";

/** What every accepted address looks like, whatever was typed: nothing that a mailer could read in two ways. */
const SENDABLE = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[a-z0-9-]+(\.[a-z0-9-]+)+$/;

/** Two texts mean one recipient only where they differ in case, composition or white space around them. */
const spelling = (text: string) => {
  const at = text.lastIndexOf("@");
  return `${text.slice(0, at).trim()}@${text
    .slice(at + 1)
    .trim()
    .toLowerCase()
    .normalize("NFC")}`;
};

const label = (length: number) => "a".repeat(length);

describe("accepted, and as which address", () => {
  it.each([
    ["ada@example.com", "ada@example.com"],
    ["Ada.Lovelace@Example.COM", "Ada.Lovelace@example.com"],
    ["  ada@example.com\n", "ada@example.com"],
    ["ada+keyturn@example.com", "ada+keyturn@example.com"],
    ["a@b.co", "a@b.co"],
    ["o'brien@example.com", "o'brien@example.com"],
    ["!#$%&'*+/=?^_`{|}~-@example.com", "!#$%&'*+/=?^_`{|}~-@example.com"],
    ["1@2.example", "1@2.example"],
    ["ada@sub.sub.sub.example.com", "ada@sub.sub.sub.example.com"],
    ["ada@my--host.example", "ada@my--host.example"],
    ["ada@müller.example", "ada@xn--mller-kva.example"],
    ["ada@MÜLLER.example", "ada@xn--mller-kva.example"],
    ["ada@mu\u0308ller.example", "ada@xn--mller-kva.example"],
    ["ada@straße.example", "ada@xn--strae-oqa.example"],
    ["ada@例え.テスト", "ada@xn--r8jz45g.xn--zckzah"],
    ["ada@xn--mller-kva.example", "ada@xn--mller-kva.example"],
    ["ada@XN--MLLER-KVA.example", "ada@xn--mller-kva.example"],
    [`${label(64)}@example.com`, `${label(64)}@example.com`],
    [`a@${label(63)}.com`, `a@${label(63)}.com`],
    [
      `${label(64)}@${label(63)}.${label(63)}.${label(57)}.com`,
      `${label(64)}@${label(63)}.${label(63)}.${label(57)}.com`,
    ],
  ])("%j", (typed, address) => {
    expect(parseEmailAddress(typed)).toBe(address);
    expect(parseEmailAddress(address)).toBe(address);
    expect(address).toMatch(SENDABLE);
  });
});

describe("refused", () => {
  it.each([
    ["nothing", ["", " ", "@", "\n"]],
    ["a part that is missing", ["ada", "ada@", "@example.com", "example.com", "ada@.com", "ada@com."]],
    ["a host without a domain", ["ada@localhost", "ada@example", "root@a"]],
    [
      "two addresses",
      ["a@b.com,c@d.com", "a@b.com;c@d.com", "a@b.com c@d.com", "a@b.com\nc@d.com", "a@b@c.com"],
    ],
    ["a name beside the address", ["Ada <ada@example.com>", "<ada@example.com>", "ada@example.com (Ada)"]],
    [
      "a header of a mail",
      [
        "ada@example.com\r\nBcc: eve@evil.example",
        "ada@example.com\nBcc:eve@evil.example",
        "ada\r\nBcc: eve@evil.example\r\n@example.com",
        "ada@example.com%0ABcc:eve@evil.example",
        "ada@example.com\u2028Bcc: eve@evil.example",
        "ada@example.com\u0085eve@evil.example",
      ],
    ],
    [
      "a control character",
      [
        "a\0da@example.com",
        "ada@exam\0ple.com",
        "ada\t@example.com",
        "ada@exa\x7fmple.com",
        "ada@example.com\0",
      ],
    ],
    [
      "a space inside",
      [
        "ada @example.com",
        "ada@ example.com",
        "ada@exam ple.com",
        "a da@example.com",
        "ada@\u00a0example.com",
      ],
    ],
    [
      "a quoted or escaped local part",
      ['"ada"@example.com', '"a@b"@example.com', "a\\@b@example.com", '"a\r\nb"@example.com'],
    ],
    [
      "dots astray",
      [
        ".ada@example.com",
        "ada.@example.com",
        "a..da@example.com",
        "ada@.example.com",
        "ada@example..com",
        "ada@example.com.",
      ],
    ],
    [
      "hyphens astray",
      ["ada@-example.com", "ada@example-.com", "ada@exa.-mple.com", "ada@example.-com", "ada@example.com-"],
    ],
    [
      "a number in place of a domain",
      [
        "ada@127.0.0.1",
        "ada@[127.0.0.1]",
        "ada@[IPv6:::1]",
        "ada@2130706433",
        "ada@0x7f.0.0.1",
        "ada@127.1",
        "ada@1.2.3.4.5",
        "ada@example.123",
      ],
    ],
    [
      "a URL in place of a domain",
      [
        "ada@example.com:25",
        "ada@example.com/x",
        "ada@example.com?x",
        "ada@example.com#x",
        "ada@user:pass@example.com",
        "ada@example.com\\@evil.example",
        "ada@%65xample.com",
        "ada@exam%2eple.com",
      ],
    ],
    [
      "characters no host has",
      ["ada@exa_mple.com", "ada@exa!mple.com", "ada@exa*mple.com", "ada@exa&mple.com", "ada@exa😀mple.com"],
    ],
    [
      "a local part beyond ASCII",
      [
        "adä@example.com",
        "аda@example.com",
        "ada＋x@example.com",
        "a\u200bda@example.com",
        "a\u0301da@example.com",
        "用户@example.com",
      ],
    ],
    [
      "another sign for @ or the dot",
      [
        "ada＠example.com",
        "ada﹫example.com",
        "ada@example．com",
        "ada@example。com",
        "ada@example｡com",
        "ada@example․com",
      ],
    ],
    [
      "broken punycode, whichever Node reads it",
      [
        "ada@xn--.com",
        "ada@xn--a.com",
        "ada@xn--abc-.com",
        "ada@xn--99999999.com",
        "ada@xn--mller-kva.xn--a.com",
        "ada@xn--strasse-.example",
        "ada@xn--kva\u00fc.example",
        "ada@xn--ls8h\u00ad.example",
      ],
    ],
    [
      "too much of it",
      [
        `${label(65)}@example.com`,
        `a@${label(64)}.com`,
        `${label(64)}@${label(63)}.${label(63)}.${label(58)}.com`,
        `a@${`${label(60)}.`.repeat(5)}com`,
        `${label(1_000_000)}@example.com`,
        `a@${"a.".repeat(500_000)}com`,
        "@".repeat(100_000),
      ],
    ],
    ["a lone surrogate", ["a\ud800@example.com", "ada@exam\udc00ple.com"]],
  ])("%s", (_, texts) => {
    for (const text of texts) expect([text, parseEmailAddress(text)]).toEqual([text, null]);
  });
});

it.each([
  ["a zero-width space", "\u200b"],
  ["a left-to-right mark", "\u200e"],
  ["a right-to-left mark", "\u200f"],
  ["a word joiner", "\u2060"],
  ["a soft hyphen", "\u00ad"],
  ["a byte order mark", "\ufeff"],
])("pasted with %s round it, an address is what it was", (_, invisible) => {
  expect(parseEmailAddress(`${invisible} ada@example.com${invisible}`)).toBe("ada@example.com");
});

describe("no two different inputs become one recipient", () => {
  it.each([
    ["the Kelvin sign", "ada@\u212aeyturn.example", "ada@keyturn.example"],
    ["the Ångström sign", "ada@\u212bngstrom.example", "ada@ångstrom.example"],
    ["the Ohm sign", "ada@\u2126mega.example", "ada@ωmega.example"],
    ["a capital sharp s", "ada@stra\u1e9ee.example", "ada@strasse.example"],
    ["a long s", "ada@\u017fsl.example", "ada@ssl.example"],
    ["a ligature", "ada@\ufb01nance.example", "ada@finance.example"],
    ["a full-width letter", "ada@\uff45xample.com", "ada@example.com"],
    ["a circled letter", "ada@\u24d4xample.com", "ada@example.com"],
    ["a mathematical letter", "ada@\u{1d41e}xample.com", "ada@example.com"],
    ["a superscript digit", "ada@example\u00b2.com", "ada@example2.com"],
    ["a soft hyphen", "ada@exam\u00adple.com", "ada@example.com"],
    ["a zero-width joiner", "ada@exam\u200dple.com", "ada@example.com"],
    ["a word joiner", "ada@exam\u2060ple.com", "ada@example.com"],
    ["a combining grapheme joiner", "ada@exam\u034fple.com", "ada@example.com"],
    ["a variation selector", "ada@exam\ufe0fple.com", "ada@example.com"],
    ["a Mongolian variation selector", "ada@exam\u180bple.com", "ada@example.com"],
    ["a selector far up", "ada@exam\u{e0100}ple.com", "ada@example.com"],
    ["a byte order mark", "ada@exam\ufeffple.com", "ada@example.com"],
    ["a dotless i", "ada@g\u0131thub.example", "ada@github.example"],
    ["a Cyrillic а", "ada@ex\u0430mple.com", "ada@example.com"],
  ])("%s", (_, typed, other) => {
    const meant = parseEmailAddress(other);
    expect(meant).not.toBeNull();
    expect(parseEmailAddress(typed)).not.toBe(meant);
  });

  it("of every letter, digit and mark of Unicode in a domain, none is taken for another", () => {
    const first = new Map<string, string>();
    const mistaken: string[] = [];
    for (let code = 0x80; code <= 0x10ffff; code += code === 0xd7ff ? 0x801 : 1) {
      const character = String.fromCodePoint(code);
      if (!/[\p{L}\p{N}\p{M}]/u.test(character)) continue;
      const typed = `a@x${character}y.ö${character}y.example`;
      const address = parseEmailAddress(typed);
      if (address === null) continue;
      const meant = first.get(address) ?? spelling(typed);
      first.set(address, meant);
      if (meant !== spelling(typed) || !/@xn--.*\.xn--/.test(address)) mistaken.push(code.toString(16));
    }
    expect(first.size).toBeGreaterThan(100_000);
    expect([...new Set(mistaken)]).toEqual([]);
  }, 60_000);

  it("no character outside ASCII stands in a local part, and none becomes an ASCII domain", () => {
    const characters = [...asciiCollisions(), "\u212a", "\u017f", "\u0130", "\u0131", "ﬁ", "ａ", "\u200b"];
    for (const character of characters) {
      expect([character, parseEmailAddress(`a${character}a@example.com`)]).toEqual([character, null]);
      for (const typed of [`a@e${character}e.com`, `a@${character}.com`, `a@example.${character}om`]) {
        const address = parseEmailAddress(typed) ?? "a@xn--none.com";
        expect([character, address]).toEqual([character, expect.stringMatching(/@.*xn--/)]);
      }
    }
  });

  it.each([
    ["ada@example.com", "Ada@example.com"],
    ["ada@example.com", "ada+1@example.com"],
    ["ada@example.com", "a.da@example.com"],
    ["ada@gmail.com", "ada@googlemail.com"],
  ])("%j and %j are two addresses: nothing of the local part is folded or dropped", (one, other) => {
    expect(parseEmailAddress(one)).toBe(one);
    expect(parseEmailAddress(other)).toBe(other);
  });
});

describe("published lists", () => {
  /** Good by their lists, and refused here: quotes, comments, literals, hosts or last labels too short, no punycode. */
  const NARROWER = /["\\()[\]:<> ]|@[^.]*$|^[^@]*[^\x20-\x7e]|@.*_|[.\u3002]$|\.[a-z]$|@xn--example/;
  const cases: AddressVector[] = [
    ...addressVectors(),
    { text: "plain@example.org", verdict: "good" },
    { text: "not an address", verdict: "malformed" },
  ];

  it("nothing that they call malformed is accepted, but for white space around it", () => {
    const accepted = cases.filter(({ text, verdict }) => verdict === "malformed" && parseEmailAddress(text));
    expect(accepted.map(({ text }) => text).filter((text) => text === text.trim())).toEqual([]);
  });

  it("what they call good is accepted, but for the forms named above", () => {
    const good = cases.filter(({ text, verdict }) => verdict === "good" && !NARROWER.test(text));
    expect(good.map(({ text }) => text).filter((text) => parseEmailAddress(text) === null)).toEqual([]);
    expect(good.length).toBeGreaterThan(0);
  });

  it("whatever is accepted can be sent to, stays what it is, and holds no line break", () => {
    const naughty = [...naughtyStrings, "a@b.co\r\nX: y"];
    const texts = [
      ...cases.map(({ text }) => text),
      ...naughty,
      ...naughty.map((text) => `${text}@example.com`),
    ];
    for (const text of [...texts, ...naughty.map((each) => `ada@${each}`)]) {
      const address = parseEmailAddress(text);
      if (address === null) continue;
      expect(address).toMatch(SENDABLE);
      expect(address.length).toBeLessThanOrEqual(254);
      expect(parseEmailAddress(address)).toBe(address);
      if (/^[\x21-\x7e]*$/.test(text.trim())) expect(spelling(address)).toBe(spelling(text));
    }
  });
});
