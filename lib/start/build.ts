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
  "next.config.js",
  "postcss.config.mjs",
  "package.json",
  "tsconfig.json",
];
const BUILD_MARK = ".next/BUILD_ID";

/** Builds the pages if that was never done or a source is newer. Returns whether they are ready. */
export async function buildWhenNeeded(root: string): Promise<boolean> {
  const mark = join(root, BUILD_MARK);
  const builtMs = existsSync(mark) ? statSync(mark).mtimeMs : 0;
  const newestMs = Math.max(...SOURCES.map((source) => newestChangeMs(join(root, source))));
  if (builtMs >= newestMs) return true;
  console.log("Building the pages, once after each change (about half a minute) …");
  if (!(await runBuild(root))) return false;
  await packStatic(root);
  return true;
}

function newestChangeMs(path: string): number {
  if (!existsSync(path)) return 0;
  const stats = statSync(path);
  if (!stats.isDirectory()) return stats.mtimeMs;
  return Math.max(0, ...readdirSync(path).map((name) => newestChangeMs(join(path, name))));
}

function runBuild(root: string): Promise<boolean> {
  const next = createRequire(join(root, "package.json")).resolve("next/dist/bin/next");
  const build = spawn(process.execPath, [next, "build"], {
    cwd: root,
    stdio: ["ignore", "ignore", "inherit"],
  });
  return new Promise((resolve) => build.on("close", (code) => resolve(code === 0)));
}
