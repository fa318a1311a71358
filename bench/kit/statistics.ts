/** What one round of load showed. */
export type Round = { perSecond: number; p50Ms: number; p99Ms: number; count: number };

/** Sums up a round of `elapsedMs` from the time that each exchange took. */
export function summarize(latenciesMs: number[], elapsedMs: number): Round {
  const sorted = Float64Array.from(latenciesMs).sort();
  return {
    perSecond: (sorted.length / elapsedMs) * 1000,
    p50Ms: quantile(sorted, 0.5),
    p99Ms: quantile(sorted, 0.99),
    count: sorted.length,
  };
}

export function median(values: number[]): number {
  return quantile(Float64Array.from(values).sort(), 0.5);
}

/** The value below which the share `q` of `sorted` lies, by nearest rank. */
function quantile(sorted: Float64Array, q: number): number {
  return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] ?? Number.NaN;
}

/**
 * Runs the subjects in turn, A B A B …, so that whatever else the machine does hits all of them alike. Each runs
 * once more before that, to warm up, which doesn't count.
 */
export async function alternate<Subjects extends Record<string, () => Promise<unknown>>>(
  rounds: number,
  subjects: Subjects,
): Promise<{ [Name in keyof Subjects]: Awaited<ReturnType<Subjects[Name]>>[] }> {
  const entries = Object.entries(subjects);
  const results = Object.fromEntries(entries.map(([name]) => [name, [] as unknown[]]));
  for (const [, run] of entries) await run();
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, run] of entries) results[name]?.push(await run());
  }
  return results as { [Name in keyof Subjects]: Awaited<ReturnType<Subjects[Name]>>[] };
}

/** The subject beside its baseline: the median of each, and the median of the ratios of rounds that were neighbours. */
export function compare<Result>(subject: Result[], baseline: Result[], value: (result: Result) => number) {
  return {
    measured: median(subject.map(value)),
    baseline: median(baseline.map(value)),
    ratio: median(subject.map((result, i) => value(result) / value(baseline[i] as Result))),
  };
}
