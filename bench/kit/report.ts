import { compare, type Round } from "./statistics.ts";

/** A line of the table. Everything in it is text, ready to be read. */
export type Row = {
  what: string;
  measured: string;
  baseline: string;
  ratio: string;
  limit: string;
  verdict: "reached" | "not reached" | "for information" | "failed";
};

/** What a measurement found: its lines, and what a reader must know to judge them. */
export type Findings = { rows: Row[]; notes: string[] };

type Comparison = { measured: number; baseline: number; ratio: number };
type Limit = { atLeast: number } | { atMost: number } | { below: number } | null;

/** A line that holds a ratio against its limit; without one it only informs. */
export function ratioRow(
  what: string,
  { measured, baseline, ratio }: Comparison,
  show: (value: number) => string,
  limit: Limit,
): Row {
  return {
    what,
    measured: show(measured),
    baseline: show(baseline),
    ratio: Number.isNaN(ratio) ? "–" : ratio.toFixed(2),
    limit: limitText(limit),
    verdict: limit === null ? "for information" : verdict(isWithin(ratio, limit)),
  };
}

/** The lines that rounds of the same load on two servers give: rate, p99, p50 and the processor time of each exchange. */
export function loadRows(
  what: string,
  subject: (Round & { processorUs: number })[],
  baseline: (Round & { processorUs: number })[],
  limits: { rate?: Limit; p99?: Limit; p50?: Limit; work?: Limit },
): Row[] {
  const rate = compare(subject, baseline, (round) => round.perSecond);
  const p99 = compare(subject, baseline, (round) => round.p99Ms);
  const p50 = compare(subject, baseline, (round) => round.p50Ms);
  const work = compare(subject, baseline, (round) => round.processorUs);
  return [
    ratioRow(`${what}: rate`, rate, perSecond, limits.rate ?? null),
    ratioRow(`${what}: p99`, p99, milliseconds, limits.p99 ?? null),
    ratioRow(`${what}: p50`, p50, milliseconds, limits.p50 ?? null),
    ratioRow(`${what}: processor time`, work, microseconds, limits.work ?? null),
  ];
}

/** A line for a fact that is no ratio; without `reached` it only informs. */
export function factRow(what: string, measured: string, limit = "–", reached?: boolean): Row {
  const judged = reached === undefined ? "for information" : verdict(reached);
  return { what, measured, baseline: "–", ratio: "–", limit, verdict: judged };
}

export const perSecond = (value: number) => `${grouped(Math.round(value))}/s`;
export const milliseconds = (value: number) => known(value, `${value.toFixed(value < 10 ? 2 : 1)} ms`);
const microseconds = (value: number) => known(value, `${Math.round(value)} µs`);
export const percent = (share: number) => `${(100 * share).toFixed(0)} %`;
export const grouped = (value: number) => value.toLocaleString("en-US");

/** The lines as a Markdown table, padded so that a terminal shows it well too. */
export function toTable(rows: Row[]): string {
  const head = ["What", "Measured", "Baseline", "Ratio", "Limit", "Verdict"];
  const cells = rows.map((row) => [row.what, row.measured, row.baseline, row.ratio, row.limit, row.verdict]);
  const widths = head.map((title, i) => Math.max(title.length, ...cells.map((line) => line[i]?.length ?? 0)));
  const toLine = (line: string[]) => `| ${line.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(" | ")} |`;
  const rule = `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`;
  return [toLine(head), rule, ...cells.map(toLine)].join("\n");
}

function known(value: number, text: string): string {
  return Number.isNaN(value) ? "unknown" : text;
}

function verdict(reached: boolean): Row["verdict"] {
  return reached ? "reached" : "not reached";
}

function limitText(limit: Limit): string {
  if (limit === null) return "–";
  if ("atLeast" in limit) return `≥ ${limit.atLeast.toFixed(2)}`;
  return "atMost" in limit ? `≤ ${limit.atMost.toFixed(2)}` : `< ${limit.below.toFixed(2)}`;
}

function isWithin(ratio: number, limit: Exclude<Limit, null>): boolean {
  if ("atLeast" in limit) return ratio >= limit.atLeast;
  return "atMost" in limit ? ratio <= limit.atMost : ratio < limit.below;
}
