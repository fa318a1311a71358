import { spawn } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { packStatic } from "./pack-static.ts";

const SOURCES = [
  "app",
  "components",
  "lib",
  "db",
  "public",
  "proxy.ts",
  "instrumentation.ts",
  "next.config.js",
  "postcss.config.mjs",
  "package.json",
  "tsconfig.json",
];
const BUILD_MARK = ".next/BUILD_ID";
const TELLING = "Building the pages, once after each change (half a minute to two minutes) …";

/** Builds the pages if that was never done or a source is newer. Returns whether they are ready. */
export async function buildWhenNeeded(root: string): Promise<boolean> {
  const mark = join(root, BUILD_MARK);
  const builtMs = existsSync(mark) ? statSync(mark).mtimeMs : 0;
  const newestMs = Math.max(...SOURCES.map((source) => newestChangeMs(join(root, source))));
  if (builtMs >= newestMs) return true;
  const { built, output } = await whileTelling(() => runBuild(root));
  if (!built) {
    console.error(output);
    return false;
  }
  await packStatic(root);
  return true;
}

function newestChangeMs(path: string): number {
  if (!existsSync(path)) return 0;
  const stats = statSync(path);
  if (!stats.isDirectory()) return stats.mtimeMs;
  return Math.max(0, ...readdirSync(path).map((name) => newestChangeMs(join(path, name))));
}

/** Prints what takes so long and, on a terminal, counts the seconds. */
async function whileTelling<Result>(build: () => Promise<Result>): Promise<Result> {
  const { stdout } = process;
  const startedMs = performance.now();
  const seconds = () => Math.round((performance.now() - startedMs) / 1000);
  stdout.write(TELLING);
  const counting = stdout.isTTY && setInterval(() => stdout.write(`\r${TELLING} ${seconds()} s`), 1000);
  const result = await build();
  if (counting) clearInterval(counting);
  stdout.write(`${stdout.isTTY ? `\r${TELLING}` : ""} ${seconds()} s\n`);
  return result;
}

/** What Next prints is for whoever develops the pages, and matters to others only when it fails. */
function runBuild(root: string): Promise<{ built: boolean; output: string }> {
  const next = createRequire(join(root, "package.json")).resolve("next/dist/bin/next");
  const build = spawn(process.execPath, [next, "build"], { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [build.stdout, build.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  return new Promise((resolve) => build.on("close", (code) => resolve({ built: code === 0, output })));
}
