import { describe, expect, it } from "vitest";
import { instant } from "@/lib/base/clock.ts";
import { UserListFilter } from "@/lib/contract/admin-filters.ts";
import { encodeCursor } from "@/lib/contract/pages.ts";
import { filterFaults, NoFilter, withListQuery } from "./list-query.ts";

const AT = "2026-03-01T12:00:00.000Z";
const ID = "0199c5a0-1111-7000-8000-000000000001";
const ask = (query: string | Record<string, string>) =>
  withListQuery(new URLSearchParams(query), NoFilter, async (asked) => asked);
const askPeople = (query: string) =>
  withListQuery(new URLSearchParams(query), UserListFilter, async (asked) => asked);
const refused = (detail: string) => ({ kind: "failure", code: "bad_request", detail });

describe("limit", () => {
  it.each([
    [{}, 25],
    [{ limit: "1" }, 1],
    [{ limit: "100" }, 100],
    [{ limit: "007" }, 7],
  ])("%j", async (query: Record<string, string>, limit) => {
    expect(await ask(query)).toMatchObject({ limit, after: undefined });
  });

  it.each([
    "0",
    "101",
    "-1",
    "1.0",
    "1.5",
    "1e2",
    "",
    " ",
    " 5",
    "5 ",
    "ten",
    "٢٥",
    "0x10",
    "+5",
    "NaN",
    "1000",
    "null",
  ])("%j is refused", async (limit) => {
    expect(await ask({ limit })).toMatchObject(refused("limit must be a whole number from 1 to 100."));
  });
});

describe("cursor", () => {
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");

  it.each([
    AT,
    "0001-01-01T00:00:00.000Z",
    "9999-12-31T23:59:59.999Z",
  ])("the place at %s comes back as it was, and goes through a URL unchanged", async (text) => {
    const place = { at: instant(text), id: ID };
    const cursor = encodeCursor(place);
    expect(cursor).toMatch(/^[\w-]*$/);
    expect(await ask(`cursor=${cursor}`)).toMatchObject({ limit: 25, after: place });
  });

  it.each([
    ["empty", ""],
    ["nonsense", "x"],
    ["no base64", "!!!"],
    ["JSON that is open", JSON.stringify([AT, ID])],
    ["cut", encode([AT, ID]).slice(0, -3)],
    ["bytes beyond Latin-1", "é"],
    ["null", encode(null)],
    ["a number", encode(1)],
    ["an object", encode({ 0: AT, 1: ID })],
    ["a prototype", btoa('{"__proto__":["a","b"]}')],
    ["too short", encode([AT])],
    ["too long", encode([AT, ID, ID])],
    ["the other way round", encode([ID, AT])],
    ["another kind of instant", encode([1_772_366_400_000, ID])],
    ["a date", encode(["2026-03-01", ID])],
    ["no such day", encode(["2026-02-30T12:00:00.000Z", ID])],
    ["no such hour", encode(["2026-03-01T25:00:00.000Z", ID])],
    ["another zone", encode(["2026-03-01T12:00:00+01:00", ID])],
    ["the year 0", encode(["0000-01-01T00:00:00.000Z", ID])],
    ["infinity", encode(["infinity", ID])],
    ["no uuid", encode([AT, "x"])],
    ["SQL for an instant", encode(["now()", ID])],
    ["SQL for an id", encode([AT, "' or '1'='1"])],
    ["a NUL", encode([AT, `${ID}\0`])],
    ["a person's id as text", encode(ID)],
    ["deep nesting", encode([[[[[[[[AT]]]]]]], ID])],
    ["very long", "A".repeat(60_000)],
  ])("%s is refused", async (_, cursor) => {
    expect(await ask({ cursor })).toMatchObject(refused("The cursor is not valid."));
  });
});

describe("filters", () => {
  it("are what the list knows, an empty one is none, and the page's parameters are no filters", async () => {
    expect(await askPeople("search=ada&role=&is_active=false&limit=5")).toMatchObject({
      limit: 5,
      filter: { search: "ada", is_active: false },
    });
  });

  it.each([
    ["sort=email", "There is no such filter."],
    ["role=root", "role is not valid."],
  ])("%s is refused, and nothing is listed", async (query, sentence) => {
    expect(await askPeople(query)).toMatchObject(refused(sentence));
  });

  it("a form is told what is wrong with each", () => {
    expect(filterFaults(new URLSearchParams("role=root&is_active=x&limit=y"), UserListFilter)).toEqual({
      role: "Choose one of the list.",
      is_active: "Choose one of the list.",
    });
  });
});

describe("the query as a whole", () => {
  it.each([
    "limit=1&limit=2",
    "limit=1&limit=1",
    "cursor=a&cursor=b",
    "search=a&search=b",
  ])("%s says one thing twice and is refused", async (query) => {
    expect(await ask(query)).toMatchObject(refused("A query parameter is given twice."));
  });

  it("of a list without filters may say what others want to know", async () => {
    expect(await ask("limit=5&utm_source=x&__proto__=y")).toEqual({
      kind: "asked",
      limit: 5,
      after: undefined,
      filter: {},
    });
  });
});
