import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, chown, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { type AddressInfo, connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "@playwright/test";

/** Another program's server, in a folder of its own. */
export type Neighbour = { folder: string; port: number; printed(): string; stop(): Promise<void> };

/** The account that programs run as which refuse to be root, as Debian numbers it. */
const NOBODY = { uid: 65534, gid: 65534 };

/**
 * Starts a program with the files it needs and resolves once it listens; its folder goes when it stops.
 *
 * @param files their names and texts, made from the folder's path and the port
 * @param command what to run, made from the same
 */
export async function startNeighbour(
  files: (folder: string, port: number) => Record<string, string>,
  command: (folder: string) => string[],
  { asNobody = false } = {},
): Promise<Neighbour> {
  const folder = await mkdtemp(join(tmpdir(), "keyturn-neighbour-"));
  const port = await freePort();
  for (const [name, text] of Object.entries(files(folder, port))) {
    await writeFile(join(folder, name), text, { mode: 0o600 });
  }
  const other = asNobody && process.getuid?.() === 0 ? NOBODY : undefined;
  if (other) await giveAway(folder);
  const [program = "", ...args] = command(folder);
  const child = spawn(program, args, { cwd: folder, stdio: ["ignore", "pipe", "pipe"], ...other });
  let printed = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk) => {
      printed += chunk;
    });
  }
  await listening(child, port, () => printed);
  async function stop() {
    if (child.exitCode === null) {
      child.kill("SIGTERM");
      await once(child, "exit");
    }
    await rm(folder, { recursive: true, force: true });
  }
  return { folder, port, printed: () => printed, stop };
}

/** A loopback port that nobody listens on at this moment. */
export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, "close");
  return port;
}

async function giveAway(folder: string): Promise<void> {
  for (const name of ["", ...(await readdir(folder))])
    await chown(join(folder, name), NOBODY.uid, NOBODY.gid);
  await chmod(folder, 0o700);
}

async function listening(child: ChildProcess, port: number, printed: () => string): Promise<void> {
  const attempt = () =>
    new Promise<string>((resolve) => {
      if (child.exitCode !== null) throw new Error(`it ended (${child.exitCode}): ${printed()}`);
      const socket = connect(port, "127.0.0.1", () => resolve("open"));
      socket.once("connect", () => socket.destroy());
      socket.once("error", () => resolve("closed"));
    });
  await expect.poll(attempt, { timeout: 30_000, intervals: [50] }).toBe("open");
}
