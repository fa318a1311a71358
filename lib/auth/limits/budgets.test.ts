import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { budgets, CODE_SENDS, CODE_TRIES, RESEND_AFTER_SECONDS, WRONG_CODES } from "./budgets.ts";
import { failureLimits } from "./failure-limits.ts";

const threatModel = readFileSync(new URL("../../../docs/threat-model.md", import.meta.url), "utf8");
const row = (...cells: string[]) => `| ${cells.join(" | ")} |`;

const UNITS = [
  [86_400, "day"],
  [3600, "hour"],
  [60, "minute"],
  [1, "second"],
] as const;

function say(seconds: number): string {
  const [size, unit] = UNITS.find(([each]) => seconds % each === 0) ?? [1, "second"];
  return `${seconds / size} ${unit}${seconds === size ? "" : "s"}`;
}

describe("the table of limits in the threat model", () => {
  it.each(Object.entries(budgets))("says of %s what the code does", (name, limit) => {
    const number = `${limit.capacity} in ${say(limit.perSeconds)}`;
    expect(threatModel).toContain(row(name, number, limit.doors, limit.forgivenBy));
  });

  it.each(Object.entries(failureLimits))("says of %s what the code does", (name, limit) => {
    const waits = `then waits of ${say(limit.firstWaitSeconds)}, doubling to ${say(limit.longestWaitSeconds)}`;
    const number = `${limit.free} free, forgotten after ${say(limit.windowSeconds)}; ${waits}`;
    expect(threatModel).toContain(row(name, number, limit.doors, limit.forgivenBy));
  });

  it("says how often a code is tried and mailed, and what wrong ones in a row close", () => {
    const { perClosure, firstClosureSeconds, longestClosureSeconds, untilReset } = WRONG_CODES;
    expect(threatModel).toContain(`| tries of one code | ${CODE_TRIES} |`);
    expect(threatModel).toContain(
      `| mails of one challenge | ${CODE_SENDS}, the next after ${say(RESEND_AFTER_SECONDS)} |`,
    );
    const closures = `each ${perClosure} close code entry: ${say(firstClosureSeconds)}, doubling to ${say(longestClosureSeconds)}`;
    expect(threatModel).toContain(
      `| wrong codes in a row on an account | ${closures}; after ${untilReset} none is compared |`,
    );
  });

  it("has no limit that the code lacks", () => {
    const [, section = ""] = threatModel.split("### Throttling");
    const names = [
      ...(section.split("\n\n")[1]?.matchAll(/^\| ([^|]+?) \| [^|]+ \| [^|]+ \| [^|]+ \|$/gm) ?? []),
    ];
    const known = [
      ...Object.keys(budgets),
      ...Object.keys(failureLimits),
      "tries of one code",
      "mails of one challenge",
      "wrong codes in a row on an account",
    ];
    expect(
      names
        .map(([, name]) => name)
        .slice(2)
        .sort(),
    ).toEqual(known.sort());
  });
});
