import { describe, expect, it } from "vitest";
import { toCsv } from "./csv.ts";

describe("a CSV file", () => {
  it("ends each line by CR LF and quotes what would end a cell", () => {
    expect(
      toCsv([
        ["a", null, 'say "b"'],
        ["c,d", "e\nf", ""],
      ]),
    ).toBe('a,,"say ""b"""\r\n"c,d","e\nf",\r\n');
  });

  it.each([
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "＝1",
    "＋1",
    "－1",
    "＠1",
  ])("shows a cell that begins like the formula %j as text", (cell) => {
    expect(toCsv([["x", cell]])).toMatch(/^x,"?'/);
  });

  it("leaves signs alone where they begin nothing", () => {
    expect(toCsv([["a=1", "2-1", "a@b"]])).toBe("a=1,2-1,a@b\r\n");
  });
});
