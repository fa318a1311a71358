import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, inject } from "vitest";
import { type Connection, type Database, openDatabase } from "@/db/client.ts";
import { startEmbeddedDatabase } from "@/db/embedded.ts";
import { createDatabase } from "./databases.ts";

type Variables = Record<string, string>;
export type Said = { exitCode: number | null; stdout: string; stderr: string };

/** A command starts a process, and sometimes a database: give the tests that run several of them this long. */
export const COMMANDS_TIMEOUT_MS = 180_000;

const root = join(import.meta.dirname, "..", "..");
const PATH = [dirname(process.execPath), "/usr/local/bin", "/usr/bin", "/bin", "/usr/sbin", "/sbin"].join(
  ":",
);
/** Empty counts as unset, and keeps what a developer's own .env says out of the test. */
const UNSET = { APP_URL: "", DATABASE_URL: "", SECRET_KEY: "", PORT: "", TWO_FACTOR_DEFAULT: "" };

/** Runs the real command line in a process of its own, with these variables and no others of this process. */
export function keyturn(variables: Variables, ...args: string[]): Promise<Said> {
  const child = spawn(process.execPath, ["--enable-source-maps", "run.js", "cli/keyturn.ts", ...args], {
    cwd: root,
    env: { PATH, ...UNSET, ...variables, NODE_ENV: "production" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const said: Said = { exitCode: null, stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (text: string) => {
      said[name] += text;
    });
  }
  return new Promise((resolve, reject) => {
    child.once("error", reject).once("close", (exitCode) => resolve({ ...said, exitCode }));
  });
}

export type CommandLine = {
  /** The database that the commands work on, as a running server has it open. */
  db: Database;
  variables: Variables & { DATA_FOLDER: string };
  run(...args: string[]): Promise<Said>;
  /** Runs with `--json` and returns the one value that was printed. */
  json(...args: string[]): ReturnType<typeof JSON.parse>;
  /** Everything that commands printed so far. */
  printed: string[];
};

/** Gives a test file a database that runs, and the command line on it; both gone after its tests. */
export function createCommandLine(): CommandLine {
  const commandLine = { printed: [] as string[] } as CommandLine;
  const cleanUps: (() => unknown)[] = [];
  beforeAll(async () => {
    const DATA_FOLDER = await mkdtemp(join(tmpdir(), "keyturn-cli-"));
    cleanUps.push(() => rm(DATA_FOLDER, { recursive: true, force: true }));
    const { connection, end } = await databaseIn(DATA_FOLDER);
    const { db, close } = openDatabase(connection, { maxConnections: 2, prepare: false });
    cleanUps.push(end, close);
    const url: Variables = typeof connection === "string" ? { DATABASE_URL: connection } : {};
    const variables = { DATA_FOLDER, ...url };
    const run = async (...args: string[]) => {
      const said = await keyturn(variables, ...args);
      commandLine.printed.push(said.stdout, said.stderr);
      return said;
    };
    const json = async (...args: string[]) => JSON.parse((await run(...args, "--json")).stdout);
    Object.assign(commandLine, { db, variables, run, json });
    await run("migrate");
  }, COMMANDS_TIMEOUT_MS);
  afterAll(async () => {
    for (const cleanUp of cleanUps.reverse()) await cleanUp();
  });
  return commandLine;
}

async function databaseIn(folder: string): Promise<{ connection: Connection; end(): Promise<void> }> {
  const server = inject("server");
  if (typeof server === "string") {
    const database = await createDatabase(server);
    return { connection: database.connection, end: database.drop };
  }
  const started = await startEmbeddedDatabase(folder);
  if (started.kind !== "started") throw new Error(`no database for the commands: ${started.kind}`);
  return { connection: started.connection, end: started.stop };
}
