import { type SpawnOptions, spawn } from "node:child_process";
import { lchown, readdir, readFile, stat } from "node:fs/promises";
import { userInfo } from "node:os";
import { join } from "node:path";
import { randomDigits } from "../../lib/base/crypto.ts";
import { copyBinaries, replaySymlinks } from "./binaries.ts";
import type { Places } from "./places.ts";

type Account = { uid: number; gid: number };

/** One way to run PostgreSQL's programs, which refuse to run as root. */
export type Way = {
  native: string;
  /** The command that runs the program, if any. */
  through: string[];
  runAs?: Account;
  /** Whom PostgreSQL's files must belong to; absent where they belong to the right one already. */
  owner?: Account;
};

/** The first way that works here, found by trying: each must start PostgreSQL and reach the data folder. */
export async function findWay(
  native: string,
  places: Places,
): Promise<{ kind: "found"; way: Way } | { kind: "none"; reason: string }> {
  await replaySymlinks(native);
  let reason = "";
  for (const { copied, ...way } of await candidates(places)) {
    const tried = { ...way, native: copied ? await copyBinaries(native).catch(() => native) : native };
    const { code, complaint } = await probe(tried, places.folder);
    if (code === 0) return { kind: "found", way: tried };
    reason ||= complaint;
  }
  reason ||= `an account other than root cannot reach ${places.folder}`;
  const needs = process.platform === "linux" ? ", which needs glibc," : "";
  return { kind: "none", reason: `the bundled PostgreSQL${needs} does not start here (${reason})` };
}

/** Starts a program the given way, with an environment of its own: no PG* or LC_* variable gets through. */
export function spawnThe(way: Way, program: string, args: string[], options: SpawnOptions) {
  const [command = program, ...rest] = [...way.through, program, ...args];
  const env = { LC_ALL: "C", TZ: "UTC" } as unknown as NodeJS.ProcessEnv;
  return spawn(command, rest, { ...options, ...way.runAs, env, windowsHide: true });
}

/** Runs one of PostgreSQL's programs to its end. `complaint` is the last line it wrote to standard error. */
export async function run(way: Way, program: string, args: string[], cwd: string, input = "") {
  return finish(spawnThe(way, join(way.native, "bin", program), args, { cwd }), input);
}

/** Makes `folder` and all in it the property of whom PostgreSQL runs as. */
export async function giveTo(way: Way, folder: string): Promise<void> {
  if (!way.owner || (await stat(folder)).uid === way.owner.uid) return;
  const { uid, gid } = way.owner;
  const names = await readdir(folder, { recursive: true });
  for (const name of names) await lchown(join(folder, name), uid, gid);
  await lchown(folder, uid, gid);
}

type Candidate = Omit<Way, "native"> & { copied?: boolean };

/**
 * Best first. `initdb` wants an account with a name, which a container may not give to its user, and which an invented
 * one has only in a namespace. Root runs it as `nobody`, whom other programs share, only where there are no namespaces.
 */
async function candidates(places: Places): Promise<Candidate[]> {
  const nobody = await findNobody();
  const map = ["unshare", "--user", `--map-user=${nobody.uid}`, `--map-group=${nobody.gid}`, "--"];
  const namespace: Candidate = { through: map };
  if (process.getuid?.() !== 0) {
    const self: Candidate = hasName() ? { through: [] } : namespace;
    return [self, { ...self, copied: true }];
  }
  const { uid, gid } = await stat(places.root);
  const unclaimed = uid === 0 || uid === nobody.uid;
  const own = unclaimed ? inventAccount() : { uid, gid };
  const runAs = unclaimed ? nobody : own;
  const account: Candidate = { through: [], runAs, owner: runAs };
  return [
    { through: map, runAs: own, owner: own },
    account,
    { ...namespace, owner: { uid: 0, gid: 0 } },
    { ...account, copied: true },
    { through: throughFolders(runAs), owner: runAs },
  ];
}

/** Above what systemd, container engines and sssd give to accounts, below what some programs take for negative. */
const FIRST_UNUSED_ID = 2_000_200_000;

/** An account that nothing else on this machine runs as. It has no name; that the folder is its own keeps it. */
function inventAccount(): Account {
  const id = FIRST_UNUSED_ID + Number(randomDigits(8));
  return { uid: id, gid: id };
}

/** Runs as `account`, yet able to pass folders that are closed to it: capabilities(7), CAP_DAC_OVERRIDE. */
function throughFolders({ uid, gid }: Account): string[] {
  const identity = [`--reuid=${uid}`, `--regid=${gid}`, "--clear-groups"];
  const power = ["--inh-caps=+dac_override", "--ambient-caps=+dac_override", "--securebits=+no_setuid_fixup"];
  return ["setpriv", ...identity, ...power, "--"];
}

async function findNobody(): Promise<Account> {
  const accounts = await readFile("/etc/passwd", "utf8").catch(() => "");
  const [, uid = "65534", gid = "65534"] = /^nobody:[^:]*:(\d+):(\d+):/m.exec(accounts) ?? [];
  return { uid: Number(uid), gid: Number(gid) };
}

function hasName(): boolean {
  try {
    return userInfo().username !== "";
  } catch {
    return false;
  }
}

async function probe(way: Way, folder: string) {
  const postgres = join(way.native, "bin", "postgres");
  if (process.platform === "win32") return finish(spawnThe(way, postgres, ["--version"], {}));
  const script = 'test -x "$1" && exec "$0" --version';
  return finish(spawnThe(way, "/bin/sh", ["-c", script, postgres, folder], { cwd: "/" }));
}

function finish(child: ReturnType<typeof spawn>, input = "") {
  return new Promise<{ code: number | null; complaint: string }>((resolve) => {
    let errors = "";
    child.stdout?.resume();
    child.stderr?.on("data", (chunk) => {
      errors += chunk;
    });
    child.stdin?.on("error", () => {});
    child.stdin?.end(input);
    child.once("error", (error) => resolve({ code: null, complaint: error.message }));
    child.once("close", (code) => resolve({ code, complaint: errors.trim().split("\n").at(-1) ?? "" }));
  });
}
