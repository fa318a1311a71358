import { readFileSync } from "node:fs";
import type { Round } from "./statistics.ts";

const MICROSECONDS_PER_TICK = 10_000;

/**
 * A round, and the processor time that process `pid` spent for each exchange of it, in user space and kernel. Unlike
 * rates and latencies it hardly depends on what else the machine does. Not a number where there is no `/proc`.
 */
export async function withProcessorTime<Result extends Round>(
  pid: number,
  run: () => Promise<Result>,
): Promise<Result & { processorUs: number }> {
  const before = spentUs(pid);
  const round = await run();
  return { ...round, processorUs: (spentUs(pid) - before) / round.count };
}

/** What a process has spent so far, in user space and kernel; not a number where there is no `/proc`. */
export function spentUs(pid: number): number {
  try {
    const [, afterName = ""] = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ");
    const fields = afterName.split(" ");
    return (Number(fields[11]) + Number(fields[12])) * MICROSECONDS_PER_TICK;
  } catch {
    return Number.NaN;
  }
}
