import { describe, expect, it } from "vitest";
import { z } from "zod";
import { text, yesNo } from "./fields.ts";

const said = (schema: z.ZodType, value: unknown, name = "field") => {
  const parsed = z.object({ field: schema }).safeParse(value === undefined ? {} : { [name]: value });
  return parsed.success ? [] : parsed.error.issues.map(({ message }) => message);
};

describe("a text, in DRF's sentences", () => {
  it.each([
    [undefined, "This field is required."],
    [null, "This field may not be null."],
    ["", "This field may not be blank."],
    [1, "Not a valid string."],
    [true, "Not a valid string."],
    [["a"], "Not a valid string."],
    [{ a: 1 }, "Not a valid string."],
    ["a\0b", "Null characters are not allowed."],
    ["a\ud800", "Surrogate characters are not allowed."],
    ["x".repeat(65_537), "Ensure this field has no more than 65536 characters."],
  ])("%j", (value, sentence) => {
    expect(said(text(), value)).toEqual([sentence]);
  });

  it.each([
    " ",
    "  padded  ",
    "Zoë 🔑",
    "e\u0301",
    "\r\n",
    "x".repeat(65_536),
    "<script>",
  ])("%j stays exactly as it was sent", (value) => {
    expect(z.object({ field: text() }).parse({ field: value })).toEqual({ field: value });
  });

  it("may be blank only where that is allowed, and never longer than allowed", () => {
    expect(said(text({ blank: true }), "")).toEqual([]);
    expect(said(text({ maxLength: 3 }), "abc")).toEqual([]);
    expect(said(text({ maxLength: 3 }), "abcd")).toEqual([
      "Ensure this field has no more than 3 characters.",
    ]);
  });

  it("a name of Object's own is no field", () => {
    for (const name of ["constructor", "toString", "hasOwnProperty"]) {
      expect(said(text(), "x", name)).toEqual(["This field is required."]);
    }
  });
});

describe("a yes or no, in any of DRF's spellings", () => {
  const parse = (field: unknown) => z.object({ field: yesNo() }).safeParse({ field }).data?.field;

  it.each([
    true,
    1,
    "1",
    "true",
    "True",
    "TRUE",
    "t",
    "T",
    "yes",
    "Yes",
    "y",
    "Y",
    "on",
  ])("%j is yes", (value) => {
    expect(parse(value)).toBe(true);
  });

  it.each([
    false,
    0,
    "0",
    "false",
    "False",
    "FALSE",
    "f",
    "F",
    "no",
    "No",
    "n",
    "N",
    "off",
  ])("%j is no", (value) => {
    expect(parse(value)).toBe(false);
  });

  it.each([
    [undefined, "This field is required."],
    [null, "This field may not be null."],
    ["", "Must be a valid boolean."],
    ["maybe", "Must be a valid boolean."],
    [" true", "Must be a valid boolean."],
    [2, "Must be a valid boolean."],
    [-1, "Must be a valid boolean."],
    [[true], "Must be a valid boolean."],
    [{}, "Must be a valid boolean."],
  ])("%j is neither", (value, sentence) => {
    expect(said(yesNo(), value)).toEqual([sentence]);
  });
});
