import { existsSync, readdirSync, statSync } from "node:fs";
import { mkdir, readdir, rename, rm, utimes, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

const ROOT = import.meta.dirname;
/** What is compiled, each under its own name with `.js` at the end. */
const PROGRAMS = ["server.ts", "cli/keyturn.ts", "lib/start/finish-build.ts"];
const SOURCES = [
  "app",
  "cli",
  "db",
  "lib",
  "server.ts",
  "root.ts",
  "compile.js",
  "package.json",
  "tsconfig.json",
];
const MARK = ".build/compiled";

/** Where the compiled form of the source `program` lies. */
export function compiled(program) {
  return join(ROOT, ".build", program.replace(/\.ts$/, ".js"));
}

/** Compiles the programs and the routes of the API if that was never done or a source is newer. */
export async function compileWhenNeeded() {
  const mark = join(ROOT, MARK);
  const newestMs = newestChangeMs();
  if (existsSync(mark) && statSync(mark).mtimeMs >= newestMs) return;
  const files = await bundle();
  for (const { path, contents } of files) await write(path, contents);
  await removeAllBut(new Set(files.map(({ path }) => path)));
  await writeFile(mark, "");
  await utimes(mark, newestMs / 1000 + 0.001, newestMs / 1000 + 0.001);
}

/** In whole milliseconds. Folders count too: a file that is gone leaves no other trace. */
function newestChangeMs() {
  const paths = SOURCES.flatMap((source) => {
    const path = join(ROOT, source);
    const inside = statSync(path).isDirectory() ? readdirSync(path, { recursive: true }) : [];
    return [path, ...inside.map((name) => join(path, name))];
  });
  return Math.floor(Math.max(...paths.map((path) => statSync(path).mtimeMs)));
}

/** Modules that several programs use stand in chunks of their own, so that each exists once in a process. */
async function bundle() {
  const { build } = await import("esbuild");
  const routes = readdirSync(join(ROOT, "app"), { recursive: true })
    .filter((name) => /(^|[\\/])route\.ts$/.test(name))
    .map((name) => join("app", name));
  const { outputFiles } = await build({
    absWorkingDir: ROOT,
    entryPoints: [...PROGRAMS, ...routes],
    outbase: ".",
    outdir: ".build",
    chunkNames: "chunks/[hash]",
    bundle: true,
    splitting: true,
    packages: "external",
    platform: "node",
    format: "esm",
    target: "node20",
    sourcemap: true,
    sourcesContent: false,
    write: false,
    logLevel: "warning",
  });
  // Chunks before what imports them.
  return outputFiles.sort((a, b) => Number(b.path.includes("chunks")) - Number(a.path.includes("chunks")));
}

/** A file is there whole or not at all, and of two that compile at once both write the same. */
async function write(path, contents) {
  await mkdir(dirname(path), { recursive: true });
  const unfinished = `${path}.${process.pid}`;
  await writeFile(unfinished, contents);
  await rename(unfinished, path);
}

async function removeAllBut(kept) {
  const folder = join(ROOT, ".build");
  const names = await readdir(folder, { recursive: true });
  const stale = names
    .map((name) => join(folder, name))
    .filter((path) => /\.js(\.map)?$/.test(path) && !kept.has(path));
  await Promise.all(stale.map((path) => rm(path, { force: true })));
}
