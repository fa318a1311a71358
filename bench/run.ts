import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { measureAccountTiming } from "./account-timing.ts";
import { measureAdminLists } from "./admin-lists.ts";
import { measureHashing } from "./hashing.ts";
import { describeMachine } from "./kit/machine.ts";
import { type Findings, type Row, toTable } from "./kit/report.ts";
import { measureLogOutEverywhere } from "./log-out-everywhere.ts";
import { measureMemory } from "./memory.ts";
import { measurePaint } from "./paint.ts";
import { measureReads } from "./reads.ts";
import { measureRefresh } from "./refresh.ts";
import { measureRevocations } from "./revocations.ts";
import { measureStorage } from "./storage.ts";
import { measureTableSize } from "./table-size.ts";

/**
 * `npm run bench`, or with names only those: `npm run bench -- refresh reads`. A run of all of them writes
 * `bench/RESULTS.md`. It ends with code 0 whether or not a limit is reached, and the table says which is not; with 1,
 * and without writing, when something could not be measured. Ctrl-C ends the servers, and with them the measurement,
 * which clears up behind itself.
 */
const measurements: Record<string, () => Promise<Findings>> = {
  refresh: measureRefresh,
  reads: measureReads,
  "log-out-everywhere": measureLogOutEverywhere,
  revocations: measureRevocations,
  "table-size": measureTableSize,
  hashing: measureHashing,
  memory: measureMemory,
  storage: measureStorage,
  "account-timing": measureAccountTiming,
  "admin-lists": measureAdminLists,
  paint: measurePaint,
};

const asked = process.argv.slice(2);
const names = asked.length > 0 ? asked : Object.keys(measurements);
const startMs = performance.now();
const before = describeMachine();
const found: Findings = { rows: [], notes: [] };
let interrupted = false;
process.on("SIGINT", () => {
  interrupted = true;
});
for (const name of names) {
  if (interrupted) break;
  console.error(`${name} …`);
  const { rows, notes } = await measure(name);
  found.rows.push(...rows);
  found.notes.push(...notes);
}
const report = toReport(found);
console.log(report);
const broken = found.rows.some(({ verdict }) => verdict === "failed");
if (broken || interrupted) process.exitCode = 1;
else if (asked.length === 0) await writeFile(join(import.meta.dirname, "RESULTS.md"), report);

/** A measurement that breaks is a line of the table too, and the others go on. */
async function measure(name: string): Promise<Findings> {
  const run = measurements[name];
  if (!run) throw new Error(`there is no measurement ${name}; there are ${Object.keys(measurements)}`);
  try {
    return await run();
  } catch (error) {
    const message = String(error).replaceAll("\n", " ").slice(0, 300);
    console.error(message);
    const row: Row = { what: name, measured: "–", baseline: "–", ratio: "–", limit: "–", verdict: "failed" };
    return { rows: [row], notes: [`${name} failed: ${message}`] };
  }
}

function toReport({ rows, notes }: Findings): string {
  const missed = rows.filter(({ verdict }) => verdict === "not reached" || verdict === "failed");
  const verdict =
    missed.length === 0
      ? "Every limit was reached."
      : `Not reached: ${missed.map(({ what }) => what).join("; ")}.`;
  const minutes = ((performance.now() - startMs) / 60_000).toFixed(1);
  const facts = [
    ...before,
    ...describeMachine().filter((line) => !before.includes(line)),
    `took ${minutes} minutes`,
  ];
  return `# Benchmarks

Written by \`npm run bench\`. Subject and baseline took turns (A B A B …) within this run, after a round to warm up.
Each figure is the median over the rounds, each ratio the median of the ratios of neighbouring rounds, which need not be
the ratio of the two medians.

**${verdict}**

${toTable(rows)}

## What to know
${[...notes, ...facts].map((line) => `- ${line}`).join("\n")}
`;
}
