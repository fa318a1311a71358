import { readVectors } from "./vectors.ts";

/** A text that a published list calls an address, or none, or one by some standards only. */
export type AddressVector = { text: string; verdict: "good" | "malformed" | "unusual" };

/** Every address of the published lists; none on a machine without them. */
export function addressVectors(): AddressVector[] {
  return [
    ...readJsonSchema("email/jsonschema-email.json"),
    ...readJsonSchema("email/jsonschema-idn-email.json"),
    ...readIsEmail("email/isemail-tests.xml"),
    ...readIsEmail("email/isemail-tests-original.xml"),
  ];
}

/** Every character outside ASCII that some mapping turns into ASCII or drops; none on a machine without the list. */
export function asciiCollisions(): string[] {
  const rows: { char: string }[] = JSON.parse(
    readVectors("unicode/ascii-collisions.json") ?? '{"rows":[]}',
  ).rows;
  return rows.map(({ char }) => char);
}

function readJsonSchema(path: string): AddressVector[] {
  const groups: { tests: { data: unknown; valid: boolean }[] }[] = JSON.parse(readVectors(path) ?? "[]");
  return groups
    .flatMap(({ tests }) => tests)
    .flatMap(({ data, valid }) =>
      typeof data === "string" ? [{ text: data, verdict: valid ? "good" : "malformed" } as const] : [],
    );
}

/** Every other category is well-formed by one standard and not by another. */
const VERDICTS: Record<string, AddressVector["verdict"]> = {
  VALID_CATEGORY: "good",
  DNSWARN: "good",
  ERR: "malformed",
};

/** Their XML shows control characters as the symbols for them, U+2400 and on. */
function readIsEmail(path: string): AddressVector[] {
  const tests = (readVectors(path) ?? "").match(/<test [\s\S]*?<\/test>/g) ?? [];
  return tests.map((test) => {
    const text = unescapeXml(/<address>([\s\S]*?)<\/address>/.exec(test)?.[1] ?? "");
    const category = /<category>ISEMAIL_(\w+)<\/category>/.exec(test)?.[1] ?? "";
    return { text, verdict: VERDICTS[category] ?? "unusual" };
  });
}

function unescapeXml(text: string): string {
  const named: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };
  return text
    .replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (_, hex, decimal, name) =>
      name ? (named[name] ?? "") : String.fromCodePoint(hex ? Number.parseInt(hex, 16) : Number(decimal)),
    )
    .replace(/[\u2400-\u241f]/g, (symbol) => String.fromCharCode(symbol.charCodeAt(0) - 0x2400));
}
