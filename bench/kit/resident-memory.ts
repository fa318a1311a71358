import { readFileSync } from "node:fs";

/** What a process holds in memory, in megabytes; not a number where there is no `/proc`. */
export function residentMb(pid: number): number {
  try {
    const [, kibibytes] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
    return Number(kibibytes) / 1_024;
  } catch {
    return Number.NaN;
  }
}
