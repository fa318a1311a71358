import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { keepLog } from "./secrets.ts";

const folder = join(import.meta.dirname, "../../examples");

/** A program of `examples/` that runs as it stands. */
export type Example = {
  /** All that it has printed so far. */
  log(): string;
  stop(): Promise<void>;
};

/**
 * Starts an example with these settings alone, and resolves when it has printed that it is ready.
 *
 * @param command what to run in its folder; the script `start` of its package where left out
 */
export async function startExample(
  name: string,
  variables: Record<string, string>,
  ready: RegExp,
  command: string[] = startScript(name),
): Promise<Example> {
  const { PATH = "", HOME = "" } = process.env;
  const [program = "", ...args] = command;
  const child = spawn(program, args, {
    cwd: join(folder, name),
    env: { PATH, HOME, ...variables } as unknown as NodeJS.ProcessEnv,
    stdio: ["ignore", "pipe", "pipe"],
  });
  keepLog(child.stdout, child.stderr);
  let printed = "";
  const isReady = new Promise<void>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (text) => {
        printed += text;
        if (ready.test(printed)) resolve();
      });
    child.once("exit", (code) => reject(new Error(`${name} ended with ${code}:\n${printed}`)));
  });
  async function stop() {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill("SIGTERM");
    await once(child, "exit");
  }
  await isReady.catch(async (fault) => {
    await stop();
    throw fault;
  });
  return { log: () => printed, stop };
}

/** Without npm in between, which would not pass a signal on. */
function startScript(name: string): string[] {
  const { scripts } = JSON.parse(readFileSync(join(folder, name, "package.json"), "utf8")) as {
    scripts: { start: string };
  };
  const [, ...args] = scripts.start.split(" ");
  return [process.execPath, ...args];
}
