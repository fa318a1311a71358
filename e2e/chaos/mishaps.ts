import { setTimeout as pause } from "node:timers/promises";
import type { Server } from "../kit/server.ts";
import { servingProcesses } from "../kit/serving-processes.ts";
import type { Random } from "./random.ts";

/** A database that can be ended in two ways, and started again. */
export type BreakableDatabase = {
  stop(): Promise<void>;
  kill(): Promise<void>;
  start(): Promise<void>;
};

export type Mishaps = {
  /** Breaks something every few moments until `going` says no, and mends it all before it resolves. */
  run(going: () => boolean): Promise<void>;
};

const BETWEEN_MS = [1_500, 3_500] as const;
const STOPPED_MS = [200, 6_000] as const;
const AWAY_MS = [100, 2_000] as const;

/** What goes wrong around the clients: processes killed, processes stopped for a while, the database restarted. */
export function createMishaps(
  { random, say }: { random: Random; say(what: string): void },
  servers: Server[],
  database: BreakableDatabase,
): Mishaps {
  const serving = () => servers.flatMap((server) => servingProcesses(server)).map(Number);

  let killed = 0;
  const started = () =>
    servers.reduce((sum, server) => sum + (server.log().match(/Keyturn is ready/g)?.length ?? 0), 0);
  const startedAtFirst = started();

  /** One at a time: as long as one is starting, nobody else is killed. */
  function kill(): void {
    if (started() < startedAtFirst + killed) return;
    killed += 1;
    const victim = random.pick(serving());
    say(`process ${victim} is killed`);
    signal(victim, "SIGKILL");
  }

  async function halt(): Promise<void> {
    const victim = random.pick(serving());
    const ms = random.between(...STOPPED_MS);
    say(`process ${victim} is stopped for ${Math.round(ms)} ms`);
    signal(victim, "SIGSTOP");
    await pause(ms);
    signal(victim, "SIGCONT");
  }

  async function restart(): Promise<void> {
    const way = random.pick(["stop", "kill"] as const);
    const ms = random.between(...AWAY_MS);
    say(`the database is ${way === "stop" ? "stopped" : "killed"}, and back after ${Math.round(ms)} ms`);
    await database[way]();
    await pause(ms);
    await database.start();
  }

  return {
    async run(going) {
      while (going()) {
        await pause(random.between(...BETWEEN_MS));
        if (!going()) return;
        await random.pick([kill, halt, halt, restart])();
      }
    },
  };
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
