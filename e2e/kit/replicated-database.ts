import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { chmod, mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "@playwright/test";
import { type Database, openDatabase } from "@/db/client.ts";
import { freePort } from "./neighbours.ts";

const PROGRAMS = "/usr/lib/postgresql";
/** Who PostgreSQL runs as: it refuses to be root. */
const AS_POSTGRES = ["runuser", "-u", "postgres", "--"];
const DATABASE = "keyturn";
/** The supervisor's patience in milliseconds, which it counts in many seconds unless it is told otherwise. */
const IMPATIENCE = {
  health_check_period: 500,
  health_check_timeout: 1_000,
  health_check_retry_delay: 500,
  node_considered_unhealthy_timeout: 4_000,
  primary_demote_timeout: 1_000,
  startup_grace_period: 1,
};

/** One of two PostgreSQL, with what supervises it. */
export type Node = {
  name: string;
  port: number;
  /** Ends it at once, supervisor and all, as a machine that loses its power. */
  kill(): void;
  /** Starts it again on what its disk holds. */
  start(): void;
  runs(): boolean;
};

export type ReplicatedDatabase = {
  nodes: [Node, Node];
  user: string;
  database: string;
  /** The node that takes writes, as far as the supervisor knows, once it takes them with a standby or without. */
  primary(state?: "primary" | "wait_primary"): Promise<Node>;
  /** Waits until each write waits for both: what is acknowledged then survives the loss of either. */
  synchronous(): Promise<void>;
  stop(): Promise<void>;
};

/**
 * Two PostgreSQL with synchronous replication under pg_auto_failover: a monitor, and a keeper beside each, which promotes
 * the standby when the primary stays away.
 */
export async function startReplicatedDatabase(): Promise<ReplicatedDatabase> {
  const folder = await mkdtemp(join(tmpdir(), "keyturn-replicated-"));
  await chmod(folder, 0o777);
  const binaries = join(PROGRAMS, (await readdir(PROGRAMS)).sort().at(-1) ?? "", "bin");
  const running = new Map<string, ChildProcess>();
  const printed: string[] = [];

  function run(name: string, ...args: string[]): ChildProcess {
    const home = join(folder, name);
    const env = { PATH: `${binaries}:/usr/bin:/bin`, HOME: home, XDG_DATA_HOME: home, XDG_CONFIG_HOME: home };
    const command = [
      "env",
      "-i",
      ...Object.entries(env).map(([key, value]) => `${key}=${value}`),
      "pg_autoctl",
    ];
    const [program = "", ...rest] = [...AS_POSTGRES, ...command, ...args, "--pgdata", join(home, "data")];
    const child = spawn(program, rest, { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (text) => printed.push(`${name}: ${text}`));
    running.set(name, child);
    return child;
  }

  async function create(name: string, port: number, ...args: string[]): Promise<void> {
    await mkdir(join(folder, name));
    await chmod(join(folder, name), 0o777);
    const common = ["--pgport", String(port), "--hostname", "127.0.0.1", "--auth", "trust", "--no-ssl"];
    run(name, "create", ...args, "--run", ...common);
  }

  async function stop(): Promise<void> {
    for (const [name, child] of [...running].reverse()) {
      killTree(child);
      running.delete(name);
    }
    await rm(folder, { recursive: true, force: true });
  }

  try {
    const monitorPort = await freePort();
    await create("monitor", monitorPort, "monitor");
    const monitor = `postgres://postgres@127.0.0.1:${monitorPort}/pg_auto_failover`;
    await answering(monitor, printed);
    const { db, close } = openDatabase(monitor, { maxConnections: 1, prepare: false });
    for (const [name, ms] of Object.entries(IMPATIENCE))
      await db.$client.unsafe(`alter system set pgautofailover.${name} = ${ms}`);
    await db.$client`select pg_reload_conf()`;

    const nodes: Node[] = [];
    for (const name of ["one", "two"]) {
      const port = await freePort();
      const keeper = `postgres://autoctl_node@127.0.0.1:${monitorPort}/pg_auto_failover`;
      const owned = ["--dbname", DATABASE, "--username", DATABASE];
      await create(name, port, "postgres", "--name", name, "--monitor", keeper, ...owned);
      nodes.push({
        name,
        port,
        kill() {
          killTree(running.get(name));
          running.delete(name);
        },
        start: () => void run(name, "run"),
        runs: () => running.has(name),
      });
      const expected = name === "one" ? "single" : "primary";
      await expect
        .poll(() => hurried(db, nodes, expected), {
          timeout: 90_000,
          intervals: [200],
          message: printed.join(""),
        })
        .toBe(true);
    }
    const named = (name: unknown) => nodes.find((node) => node.name === name);
    return {
      nodes: nodes as [Node, Node],
      user: DATABASE,
      database: DATABASE,
      async primary(state) {
        let found: Node | undefined;
        const look = async () => {
          const states = state ? [state] : ["primary", "wait_primary"];
          const [row] = await db.$client<{ name: string }[]>`
            select nodename as name from pgautofailover.node
            where reportedstate::text = any(${states}) and goalstate::text = any(${states})`;
          found = named(row?.name);
          return found !== undefined;
        };
        await expect.poll(look, { timeout: 60_000, intervals: [100] }).toBe(true);
        return found as Node;
      },
      async synchronous() {
        await expect
          .poll(() => stateOf(db), { timeout: 60_000, intervals: [200], message: printed.join("") })
          .toEqual(["primary", "secondary"]);
      },
      async stop() {
        await close();
        await stop();
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function answering(url: string, printed: string[]): Promise<void> {
  const ask = async () => {
    const { db, close } = openDatabase(url, { maxConnections: 1, prepare: false });
    const answer = db.$client`select 1 from pgautofailover.node`.then(
      () => true,
      () => false,
    );
    return answer.finally(close);
  };
  await expect.poll(ask, { timeout: 60_000, intervals: [200], message: printed.join("") }).toBe(true);
}

/** What each node is, where it also should be it. */
async function stateOf(db: Database): Promise<string[]> {
  const rows = await db.$client<{ state: string }[]>`
    select reportedstate::text as state from pgautofailover.node where reportedstate = goalstate order by 1`;
  return rows.map(({ state }) => state);
}

/** Whether one of the nodes is in `state`. The copy of a new standby waits for a checkpoint, which this makes quick. */
async function hurried(db: Database, [first, second]: Node[], state: string): Promise<boolean> {
  if (first && second) {
    const url = `postgres://postgres@127.0.0.1:${first.port}/postgres`;
    const primary = openDatabase(url, { maxConnections: 1, prepare: false });
    await primary.db.$client`checkpoint`.catch(() => {});
    await primary.close();
  }
  return (await stateOf(db)).includes(state);
}

/** Ends a process and all that it started, at once; postgres keeps its servers in sessions of their own. */
function killTree(child: ChildProcess | undefined): void {
  if (!child?.pid || child.exitCode !== null) return;
  const all = execFileSync("ps", ["-A", "-o", "pid=,ppid="]).toString().trim().split("\n");
  const parents = all.map((line) => line.trim().split(/\s+/).map(Number) as [number, number]);
  const below = (pid: number): number[] => [
    pid,
    ...parents.filter(([, parent]) => parent === pid).flatMap(([id]) => below(id)),
  ];
  for (const pid of below(child.pid)) {
    try {
      process.kill(pid, "SIGKILL");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    }
  }
}
