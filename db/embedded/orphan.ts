import { execFile } from "node:child_process";
import { readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Places } from "./places.ts";
import { end } from "./postmaster.ts";
import { run, type Way } from "./way.ts";

/**
 * Shuts down the PostgreSQL that a killed owner left running on this data, if it did.
 *
 * 1. The process its pid file names is PostgreSQL on this data: it is ended, and no row is lost. One that was being
 *    killed leaves its file behind, as in 3.
 * 2. It is some other PostgreSQL: nothing is touched, and PostgreSQL itself judges whether it may start.
 * 3. It is a stranger that was given the number, a zombie, or nobody: the file no longer stands in the way.
 */
export async function endOrphan(way: Way, places: Places): Promise<void> {
  const content = await readFile(join(places.data, "postmaster.pid"), "utf8").catch(() => null);
  if (content === null) await forgetSocket(places);
  else if (process.platform === "win32") await run(way, "pg_ctl", ["stop", "-D", places.data], places.root);
  else await settle(way, places, Number.parseInt(content, 10));
}

async function settle(way: Way, places: Places, pid: number): Promise<void> {
  const command = await commandOf(pid);
  const ours = command.includes(`-D ${places.data} `) || (await standsIn(places.data, pid));
  if (!ours && command.includes("postgres")) return;
  if (ours) await end(way, pid);
  await disown(places);
  await forgetSocket(places);
}

async function commandOf(pid: number): Promise<string> {
  if (process.platform === "linux") {
    const command = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
    return command.replaceAll("\0", " ");
  }
  const listed = await promisify(execFile)("ps", ["-o", "command=", "-p", String(pid)]).catch(() => null);
  return listed?.stdout ?? "";
}

/** PostgreSQL works from inside its data, which finds it after the folder was moved. Not all may look (proc(5)). */
async function standsIn(data: string, pid: number): Promise<boolean> {
  const [here, there] = await Promise.all([stat(data), stat(`/proc/${pid}/cwd`).catch(() => null)]);
  return there !== null && here.dev === there.dev && here.ino === there.ino;
}

/**
 * Puts our own number into the file: PostgreSQL knows that its parent is no PostgreSQL, and still checks by the
 * rest of the file that no process of the one before holds its shared memory.
 */
async function disown(places: Places): Promise<void> {
  const file = join(places.data, "postmaster.pid");
  const content = await readFile(file, "utf8").catch(() => null);
  if (content !== null) await writeFile(file, content.replace(/^-?\d*/, String(process.pid)));
}

/** The socket's own lock names a process too. With nobody left to listen there, it means nothing. */
async function forgetSocket({ root }: Places): Promise<void> {
  await rm(join(root, ".s.PGSQL.5432.lock"), { force: true });
}
