import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { openApp, type RunningApp } from "@/lib/app/running-app.ts";
import { parseSettings } from "@/lib/settings/env.ts";
import { createDatabaseUrl } from "./database-server.ts";
import { keepLog, keepSecretSettings } from "./secrets.ts";

/** Settings by their names in the environment. */
export type Variables = Record<string, string>;

/** A started Keyturn, or one that may refuse to start. */
export type Launched = {
  process: ChildProcess;
  /** All it has printed so far, on both streams. */
  log(): string;
  /** Its exit code once it has ended; null when a signal ended it. */
  ended: Promise<number | null>;
};

export type Server = Launched & {
  origin: string;
  variables: Variables;
  /** The same app on the same database, opened in this process to make people and to look at rows. */
  app(): Promise<RunningApp>;
  stop(): Promise<number | null>;
};

const root = join(import.meta.dirname, "../..");
const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
  scripts: { start: string };
};
const next = createRequire(import.meta.url).resolve("next/dist/bin/next");

/** How Keyturn can be run: `npm start`, or the pages' framework alone, as a hosting platform does. */
const COMMANDS = {
  keyturn: scripts.start.split(" ").slice(1),
  next: [next, "start", "--port", "0"],
};
export type Lane = keyof typeof COMMANDS;

const READY = /(?:Keyturn is ready|Local): +https?:\/\/[^\s:]+(?::(\d+))?(?: \(port (\d+)\))?\n/;
const SECRET_KEY = "a secret that only these tests use, long enough";
const DEFAULTS = { PORT: "0", RATE_LIMITS: "off", TWO_FACTOR_DEFAULT: "off" };

/** What still runs when a test that failed has ended, ends with the process that started it. */
const running = new Set<ChildProcess>();
process.once("exit", () => {
  for (const child of running) child.kill("SIGTERM");
});

/**
 * Starts Keyturn with these settings and none of this process's own.
 *
 * @param through a command that runs the rest of its arguments, such as another account's
 */
export function launch(variables: Variables, lane: Lane = "keyturn", through: string[] = []): Launched {
  const { PATH = "", HOME = "", TMPDIR = "" } = process.env;
  const [program = "", ...args] = [...through, process.execPath, ...COMMANDS[lane]];
  const child = spawn(program, args, {
    cwd: root,
    env: { PATH, HOME, TMPDIR, ...DEFAULTS, ...variables } as unknown as NodeJS.ProcessEnv,
    stdio: ["ignore", "pipe", "pipe"],
  });
  running.add(child);
  child.once("exit", () => running.delete(child));
  keepSecretSettings(variables);
  keepLog(child.stdout, child.stderr);
  let printed = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text) => {
      printed += text;
    });
  }
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  return { process: child, log: () => printed, ended };
}

/**
 * Starts Keyturn and resolves when it says that it is ready. Without DATABASE_URL or DATA_FOLDER it gets an empty
 * database of its own.
 */
export async function startServer(
  settings: Variables = {},
  lane: Lane = "keyturn",
  through: string[] = [],
): Promise<Server> {
  const variables = { SECRET_KEY, ...settings };
  if (!("DATABASE_URL" in variables || "DATA_FOLDER" in variables)) {
    Object.assign(variables, { DATABASE_URL: await createDatabaseUrl() });
  }
  const launched = launch(variables, lane, through);
  const port = await readyPort(launched);
  let opened: Promise<RunningApp> | undefined;
  const app = () => {
    opened ??= openHere(variables);
    return opened;
  };
  async function stop() {
    await (await opened)?.close();
    opened = undefined;
    if (launched.process.exitCode === null) launched.process.kill("SIGTERM");
    return launched.ended;
  }
  return { ...launched, origin: `http://127.0.0.1:${port}`, variables, app, stop };
}

async function readyPort({ process: child, log, ended }: Launched): Promise<string> {
  const ready = new Promise<string>((resolve) => {
    const look = () => {
      const [, named, actual = named] = READY.exec(log()) ?? [];
      if (actual) resolve(actual);
    };
    child.stdout?.on("data", look);
  });
  const refused = ended.then((code) => {
    throw new Error(`Keyturn ended with ${code} instead of starting:\n${log()}`);
  });
  return Promise.race([ready, refused]);
}

function openHere(variables: Variables): Promise<RunningApp> {
  const parsed = parseSettings({ ...DEFAULTS, ...variables });
  if (parsed.kind === "faulty") throw new Error(parsed.faults.join("\n"));
  return openApp(parsed.settings);
}
