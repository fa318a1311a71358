import { readFileSync } from "node:fs";

/** A table of the threat model as people read it: the cells of each row by the words above them. */
export function readThreatModelTable(heading: string): Map<string, Record<string, string>> {
  const text = readFileSync("docs/threat-model.md", "utf8");
  const [, section = ""] = text.split(`### ${heading}\n`);
  const lines = (section.split("\n###")[0] ?? "").split("\n").filter((line) => line.startsWith("|"));
  const [head = [], , ...rows] = lines.map((line) =>
    line
      .slice(1, -1)
      .split("|")
      .map((cell) => cell.trim()),
  );
  return new Map(
    rows.map(([change = "", ...cells]) => [
      change,
      Object.fromEntries(cells.map((cell, column) => [head[column + 1], cell])),
    ]),
  );
}
