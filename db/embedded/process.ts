import { readFile } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";

const POLL_EVERY_MS = 10;

/**
 * When process `pid` began, in the system's own count where it tells (proc(5), `stat` field 22), so that a
 * recycled number is not mistaken for the process that had it before. Null when it does not run; a zombie doesn't.
 */
export async function startOf(pid: number): Promise<string | null> {
  if (process.platform !== "linux") return isAlive(pid) ? "alive" : null;
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  const [state, ...fields] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return state === "" || state === "Z" || state === "X" ? null : (fields[18] ?? null);
}

/** Asks `condition` again and again until it holds; false when `timeoutMs` went by first. */
export async function becomesTrue(condition: () => Promise<boolean>, timeoutMs: number) {
  const giveUpAt = performance.now() + timeoutMs;
  while (!(await condition())) {
    if (performance.now() > giveUpAt) return false;
    await pause(POLL_EVERY_MS);
  }
  return true;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
