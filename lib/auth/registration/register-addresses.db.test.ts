import { describe, expect, it } from "vitest";
import { outbox } from "@/db/schema.ts";
import { parseEmailAddress } from "@/lib/contract/email-address.ts";
import { RegisterRequest } from "@/lib/contract/registration.ts";
import { addressVectors, asciiCollisions } from "@/lib/testing/address-vectors.ts";
import { codesTo, mailsTo } from "@/lib/testing/mailbox.ts";
import { accountsOf, begun, newAddress, registering } from "@/lib/testing/registering.ts";
import { createTwoStepWorld, entered } from "@/lib/testing/two-step.ts";
import { readVectorLines } from "@/lib/testing/vectors.ts";

/** One recipient in any mailer's reading, and nothing that could end a header's line or begin another address. */
const ONE_RECIPIENT = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[a-z0-9-]+(\.[a-z0-9-]+)+$/;
const invalid = { kind: "invalid-fields", fields: { email: ["Enter a valid email address."] } };

const world = createTwoStepWorld();
const { begin, start, verify } = registering(world);

/** Whom all mail so far went to, in the order it was written. */
async function recipients(): Promise<string[]> {
  const rows = await world.db.select().from(outbox).orderBy(outbox.createdAt);
  return rows.map(({ recipient }) => recipient);
}

/** The recipients of the mails that registering `email` caused. */
async function recipientsOf(email: string): Promise<string[]> {
  const before = await recipients();
  world.clock.advance(1);
  await begin(email);
  return (await recipients()).slice(before.length);
}

const VICTIM = "ada@example.com";
const OWN_ATTACKS = [
  "ada@example.com\r\nBcc: eve@example.com",
  "ada@example.com\nBcc: eve@example.com",
  "ada@example.com\rTo: eve@example.com",
  "ada@example.com%0d%0aBcc:eve@example.com",
  "ada@example.com\u2028Bcc: eve@example.com",
  "ada@example.com\0eve@example.com",
  "ada@example.com,eve@example.com",
  "ada@example.com;eve@example.com",
  "ada@example.com eve@example.com",
  "ada@example.com\teve@example.com",
  "Ada <ada@example.com>, Eve <eve@example.com>",
  "Eve <eve@example.com>",
  "<eve@example.com>",
  '"ada@example.com,eve"@example.com',
  '"ada"@example.com',
  '"a\r\nBcc: eve@example.com"@example.com',
  "ada\\@example.com",
  "ada(eve@example.com)@example.com",
  "ada@example.com(eve)",
  "ada@eve@example.com",
  "@eve.example:ada@example.com",
  "ada%eve.example@",
  "eve.example!ada",
  "ada@[127.0.0.1]",
  "ada@127.0.0.1",
  "ada@localhost",
  "ada@example.com.",
  "ada@exam\u00adple.com",
  "ada@ｅxample.com",
  "ada＠example.com",
  "ada@example．com",
  "a\u0131da@example.com",
  "\u212aate@example.com",
  "mailto:ada@example.com?bcc=eve@example.com",
  `${"a".repeat(65)}@example.com`,
  `${"a".repeat(64)}@${"b".repeat(63)}.${"c".repeat(63)}.${"d".repeat(63)}.example`,
  `${"a".repeat(308)}@example.com`,
  `${"a".repeat(60_000)}@example.com`,
];

describe("what could be two recipients or a header", () => {
  it.each(
    OWN_ATTACKS.map((email) => [email.slice(0, 60), email]),
  )("%j is refused, and nobody is mailed", async (_, email) => {
    expect(await begin(email)).toEqual(invalid);
    for (const address of [VICTIM, "eve@example.com"]) expect(await mailsTo(world.app, address)).toEqual([]);
  });

  it("an address of 320 characters is refused like one of any length over 254", async () => {
    for (const length of [255, 319, 320, 321]) {
      const email = `${"a".repeat(64)}@${`${"b".repeat(50)}.`.repeat(9)}`.slice(0, length - 4).concat(".com");
      expect(email).toHaveLength(length);
      expect(await begin(email)).toEqual(invalid);
    }
  });

  it.each([
    [["ada@example.com", "eve@example.com"]],
    [["ada@example.com"]],
    [{ 0: "ada@example.com", length: 1 }],
    [{ toString: "ada@example.com" }],
    [null],
    [7],
    [true],
  ])("%j is no text, which the body's shape refuses", (email) => {
    const parsed = RegisterRequest.safeParse({ email, password: "correct horse battery" });
    expect(parsed.success).toBe(false);
    expect(parsed.error?.issues.map(({ path }) => path)).toEqual([["email"]]);
  });

  it("no published address, good or bad, reaches more than the one recipient it names", async () => {
    world.clock.advance(1);
    const before = await recipients();
    const texts = [...addressVectors().map(({ text }) => text), ...OWN_ATTACKS];
    const lines = readVectorLines("injection").filter((_, index) => index % 8 === 0);
    const accepted: string[] = [];
    for (const email of [...texts, ...lines, ...lines.map((line) => `ada@example.com${line}`)]) {
      const outcome = await begin(email);
      if (outcome.kind === "sent") accepted.push(parseEmailAddress(email) ?? "none");
      else expect(outcome).toEqual(invalid);
    }
    const mailed = (await recipients()).slice(before.length);
    expect(mailed.sort()).toEqual(accepted.sort());
    expect(mailed.filter((recipient) => !ONE_RECIPIENT.test(recipient))).toEqual([]);
  }, 60_000);
});

describe("look-alikes", () => {
  const VICTIMS = "the.quick+brown.fox@jumps-over-lazy-dogs-0123456789.example";

  /** The address with each text that `character` could be taken for replaced by it, or with it inside. */
  function lookAlikesOf(character: string): string[] {
    const meant = character.normalize("NFKC").toLowerCase();
    const at = meant === character || meant.trim() === "" ? -1 : VICTIMS.indexOf(meant);
    if (at < 0) return [VICTIMS.replace("ick", `i${character}ck`), VICTIMS.replace("mps", `m${character}ps`)];
    return [VICTIMS.replace(meant, character), VICTIMS.replaceAll(meant, character)];
  }

  it("of an address with an account reach neither it nor its owner, whatever mapping makes them alike", async () => {
    await world.person({ email: VICTIMS });
    const before = await recipients();
    world.clock.advance(1);
    const lookAlikes = ["\u212a", "\u017f", "\u0131", "ﬁ", ...asciiCollisions()].flatMap(lookAlikesOf);
    for (const email of lookAlikes) await begin(email);
    const mailed = (await recipients()).slice(before.length);
    expect(mailed.filter((recipient) => !/@.*xn--/.test(recipient))).toEqual([]);
    expect(await mailsTo(world.app, VICTIMS)).toEqual([]);
  }, 60_000);

  it("are different people: mail for each goes to exactly the address that was typed", async () => {
    const cyrillic = `ada@ex${"\u0430"}mple.com`;
    const own = entered(await verify(await start("ada@xn--exmple-4nf.com")));
    expect(await recipientsOf(cyrillic)).toEqual([own.user.email]);
    expect(await recipientsOf(VICTIM)).toEqual([VICTIM]);
    expect(await codesTo(world.app, VICTIM)).toHaveLength(1);
  });
});

describe("spellings of one address", () => {
  it("are one account, and its owner is mailed at the address as they registered it", async () => {
    const email = `Grace.Hopper.${newAddress()}`;
    const { user } = entered(await verify(await start(email)));
    const before = (await mailsTo(world.app, email)).length;
    const spellings = [
      email.toLowerCase(),
      email.toUpperCase(),
      ` ${email}\n`,
      email.replace("example.com", "EXAMPLE.Com"),
    ];
    for (const spelling of spellings) {
      expect(await recipientsOf(spelling)).toEqual([user.email]);
    }
    expect(await mailsTo(world.app, email)).toHaveLength(before + spellings.length);
    expect(await codesTo(world.app, email)).toHaveLength(1);
    expect(await accountsOf(world.db, email)).toEqual(
      [user].map(({ id }) => expect.objectContaining({ id })),
    );
  });

  it("of an international domain are one account too, kept as ASCII", async () => {
    const domain = newAddress().split("@")[0];
    const typed = [`grace@m\u00fcller-${domain}.example`, `grace@mu\u0308ller-${domain}.example`];
    const address = parseEmailAddress(typed[0] ?? "") ?? "";
    expect(address).toMatch(/^grace@xn--/);
    const begunFirst = begun(await begin(typed[0] ?? ""));
    const [code = ""] = await codesTo(world.app, address);
    entered(await verify({ challenge: begunFirst, code }));
    for (const spelling of [...typed, address, address.toUpperCase()]) begun(await begin(spelling));
    expect(await codesTo(world.app, address)).toEqual([code]);
    expect(await accountsOf(world.db, address)).toHaveLength(1);
  });
});
