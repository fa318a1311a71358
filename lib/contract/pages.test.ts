import { describe, expect, it } from "vitest";
import { z } from "zod";
import { parsePageQuery, sealCursor } from "./pages.ts";

const Position = z.tuple([z.string(), z.string()]);
const parse = (query: string | Record<string, string>) =>
  parsePageQuery(new URLSearchParams(query), Position);
const REFUSED = { kind: "failure", code: "bad_request" };

describe("limit", () => {
  it.each([
    [{}, 25],
    [{ limit: "1" }, 1],
    [{ limit: "100" }, 100],
    [{ limit: "007" }, 7],
  ])("%j", (query: Record<string, string>, limit) => {
    expect(parse(query)).toEqual({ kind: "page", limit, after: undefined });
  });

  it.each([
    "0",
    "101",
    "-1",
    "1.0",
    "1e2",
    "",
    " ",
    "ten",
    "٢٥",
    "0x10",
    "1000",
    "null",
  ])("%j is refused", (limit) => {
    expect(parse({ limit })).toMatchObject(REFUSED);
  });
});

describe("cursor", () => {
  it.each([
    [["a", "b"]],
    [["", ""]],
    [["2026-03-01T12:00:00.000Z", "0199c5a0-1111-7000-8000-000000000001"]],
    [["???>>>~~~", "///+++"]],
  ])("%j comes back as it was sealed, and goes through a URL unchanged", (position) => {
    const cursor = sealCursor(position);
    expect(cursor).toMatch(/^[\w-]*$/);
    expect(parse(`cursor=${cursor}`)).toEqual({ kind: "page", limit: 25, after: position });
  });

  it.each([
    ["nothing", ""],
    ["nonsense", "x"],
    ["no base64", "a b c"],
    ["JSON that is open", JSON.stringify(["a", "b"])],
    ["broken JSON", sealCursor(["a", "b"]).slice(0, -2)],
    ["too many", sealCursor(["a", "b", "c"])],
    ["too few", sealCursor(["a"])],
    ["a number", btoa("[1,2]")],
    ["a prototype", btoa('{"__proto__":["a","b"]}')],
    ["bytes beyond Latin-1", "é"],
  ])("%s is refused", (_, cursor) => {
    expect(parse({ cursor })).toMatchObject(REFUSED);
  });
});

describe("the query as a whole", () => {
  it.each([
    "limit=1&limit=2",
    "limit=1&limit=1",
    "cursor=a&cursor=b",
  ])("%s says one thing twice and is refused", (query) => {
    expect(parse(query)).toMatchObject(REFUSED);
  });

  it("parameters of others are no fault", () => {
    expect(parse("limit=5&utm_source=x&__proto__=y")).toEqual({ kind: "page", limit: 5, after: undefined });
  });
});
