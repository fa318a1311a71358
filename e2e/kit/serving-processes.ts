import { execFileSync } from "node:child_process";
import { expect } from "@playwright/test";
import type { Server } from "./server.ts";

/** Resolves when two processes serve, of all that were started. */
export async function bothReady(server: Server, started = 2): Promise<void> {
  const ready = () => server.log().match(/Keyturn is ready/g)?.length;
  await expect.poll(ready, { timeout: 120_000 }).toBe(started);
}

/** The process ids of those that serve under a supervisor. */
export function servingProcesses({ process: { pid } }: Server): string[] {
  const all = execFileSync("ps", ["-A", "-o", "pid=,ppid=,args="]).toString().trim().split("\n");
  return all
    .map((line) => line.trim().split(/\s+/))
    .filter(([, parent, ...args]) => parent === String(pid) && args.join(" ").includes("server.js"))
    .map(([child = ""]) => child);
}
