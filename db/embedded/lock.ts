import { link, readdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { randomToken } from "../../lib/base/crypto.ts";
import { startOf } from "./process.ts";

type Lock = { kind: "taken"; release(): Promise<void> } | { kind: "owned"; ownerPid: number };

/**
 * Makes this process the owner of the lock `base`, unless a live one is.
 *
 * The lock is a row of numbered files, `base.1`, `base.2`, …: the last one names the owner, and an empty file or
 * a dead owner means that the lock is free. To take it is to link the next number, which the file system grants
 * to one only. The last number is never removed, so none is ever granted twice.
 */
export async function takeLock(base: string): Promise<Lock> {
  const draft = `${base}.draft-${randomToken(9)}`;
  await writeFile(draft, `${process.pid} ${await startOf(process.pid)}`);
  try {
    for (;;) {
      const last = Math.max(0, ...(await turns(base)));
      const ownerPid = await ownerOf(`${base}.${last}`);
      if (ownerPid !== null) return { kind: "owned", ownerPid };
      if (await claim(draft, base, last + 1))
        return { kind: "taken", release: () => truncate(`${base}.${last + 1}`) };
    }
  } finally {
    await rm(draft, { force: true });
  }
}

/** The process that owns the lock `base`, or null when none that lives does. */
export async function liveOwner(base: string): Promise<number | null> {
  return ownerOf(`${base}.${Math.max(0, ...(await turns(base)))}`);
}

/** Links turn number `turn`. A starter that was overtaken while it looked finds a later turn and steps back. */
async function claim(draft: string, base: string, turn: number): Promise<boolean> {
  try {
    await link(draft, `${base}.${turn}`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
  const all = await turns(base);
  const isLast = Math.max(...all) === turn;
  const superseded = isLast ? all.filter((other) => other < turn) : [turn];
  await Promise.all(superseded.map((other) => rm(`${base}.${other}`, { force: true })));
  return isLast;
}

async function turns(base: string): Promise<number[]> {
  const prefix = `${basename(base)}.`;
  const names = await readdir(dirname(base)).catch(() => []);
  const numbers = names.filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length));
  return numbers.filter((text) => /^\d+$/.test(text)).map(Number);
}

async function ownerOf(file: string): Promise<number | null> {
  const [pid, start] = (await readFile(file, "utf8").catch(() => "")).split(" ");
  const lives = pid && start && (await startOf(Number(pid))) === start;
  return lives ? Number(pid) : null;
}
