import { open, readFile } from "node:fs/promises";
import { join } from "node:path";
import { answers, type EmbeddedConnection, listenSettings } from "./connection.ts";
import type { Places } from "./places.ts";
import { becomesTrue, startOf } from "./process.ts";
import { run, spawnThe, type Way } from "./way.ts";

/** What holds whatever the configuration file says. Failed statements are the application's to log. */
const SETTINGS = {
  max_connections: "100",
  timezone: "UTC",
  log_timezone: "UTC",
  log_min_messages: "log",
  log_checkpoints: "off",
};

/** Recovery after a crash is part of a start. */
const READY_WITHIN_MS = 120_000;
const END_WITHIN_MS = 10_000;

type Postmaster = {
  /** Resolves with one line if it ends without `stop` having been called; otherwise never. */
  died: Promise<string>;
  stop(): Promise<void>;
};

/**
 * Starts PostgreSQL in a session of its own, so that Ctrl-C in the terminal reaches the application only, and
 * returns once it accepts connections. It does not keep this process running.
 */
export async function launch(way: Way, places: Places, connection: EmbeddedConnection): Promise<Postmaster> {
  const { child, logStart } = await spawnLogged(way, places, connection);
  let running = true;
  let stopping: Promise<void> | undefined;
  const died = new Promise<string>((resolve) => {
    const onEnd = async (how: string) => {
      running = false;
      if (!stopping) resolve(`PostgreSQL ended: ${(await lastWords(places.log, logStart)) ?? how}`);
    };
    child.once("exit", (code, signal) => onEnd(signal ?? `exit code ${code}`));
    child.once("error", (error) => onEnd(error.message));
  });
  const stop = () => {
    stopping ??= child.pid ? end(way, child.pid) : Promise.resolve();
    return stopping;
  };

  try {
    const settled = await becomesTrue(async () => !running || answers(connection), READY_WITHIN_MS);
    if (!settled) throw new Error(`PostgreSQL does not answer; ${places.log} may say why`);
  } catch (error) {
    await stop();
    throw error;
  }
  if (!running) throw new Error(await died);
  return { died, stop };
}

/** Fast shutdown: no new connections, open transactions rolled back. Immediate if it does not come to an end. */
export async function end(way: Way, pid: number): Promise<void> {
  const start = await startOf(pid);
  if (start === null) return;
  for (const signal of ["INT", "QUIT"]) {
    if (process.platform === "win32") await run(way, "pg_ctl", ["kill", signal, String(pid)], way.native);
    else process.kill(pid, `SIG${signal}`);
    if (await becomesTrue(async () => (await startOf(pid)) !== start, END_WITHIN_MS)) return;
  }
  throw new Error(`PostgreSQL (process ${pid}) does not end`);
}

async function spawnLogged(way: Way, places: Places, connection: EmbeddedConnection) {
  const settings = Object.entries({ ...SETTINGS, ...listenSettings(connection) });
  const args = ["-D", places.data, ...settings.flatMap(([name, value]) => ["-c", `${name}=${value}`])];
  const log = await open(places.log, "a", 0o600);
  try {
    const { size: logStart } = await log.stat();
    const child = spawnThe(way, join(way.native, "bin", "postgres"), args, {
      cwd: places.root,
      detached: true,
      stdio: ["ignore", log.fd, log.fd],
    });
    child.unref();
    return { child, logStart };
  } finally {
    await log.close();
  }
}

async function lastWords(log: string, from: number): Promise<string | undefined> {
  const written = await readFile(log).catch(() => Buffer.alloc(0));
  const lines = written.subarray(from).toString().split("\n");
  return lines.findLast((line) => /FATAL|PANIC/.test(line))?.replace(/^.*?(FATAL|PANIC): */, "");
}
