import { execFileSync } from "node:child_process";
import { appendFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "../fixtures.ts";
import { expectAnswer, PAIR } from "../kit/expect-answer.ts";
import { type Answer, send } from "../kit/http.ts";
import type { Server } from "../kit/server.ts";

/** Room for a fresh cluster and its write-ahead log, and little more. */
const DISK_MIB = 160;
const MIB = Buffer.alloc(1024 * 1024);
const MOUNT = `mount -t tmpfs -o size=${DISK_MIB}m,mode=755 tmpfs "$0"`;
const ADMIN = /First admin: (\S+)\nPassword: +(\S+)/;

/** A command that runs what follows on a small disk of its own, mounted where nobody else sees it. */
const smallDisk = [
  ["unshare", "-m"],
  ["unshare", "-Urm"],
].find((command) => {
  try {
    const [program = "", ...args] = command;
    execFileSync(program, [...args, "sh", "-c", MOUNT, "/mnt"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
});

if (smallDisk) {
  test("on a full disk people are told to try again, nobody loses a session, and room brings all back", async ({
    dataFolder,
    startServer,
  }) => {
    test.setTimeout(180_000);
    const through = [...smallDisk, "sh", "-c", `${MOUNT} && exec "$@"`, dataFolder];
    const server = await startServer({ DATA_FOLDER: dataFolder }, "keyturn", through);
    const [, email = "", password = ""] = ADMIN.exec(server.log()) ?? [];
    const logIn = () => send(server, "POST /api/token", { json: { email, password }, withinMs: 30_000 });
    const holder = (await logIn()).body as { access: string; refresh: string };
    expect(holder).toEqual(PAIR);

    const filler = join(`/proc/${server.process.pid}/root`, dataFolder, "filler");
    fill(filler);
    const { acknowledged, refusal } = await logInUntilRefused(logIn);
    expectAnswer(refusal, 503, { detail: expect.any(String), code: "unavailable" });
    expect(refusal.headers["retry-after"]).toMatch(/^[1-9]\d*$/);
    expect(await liveSessions(server, holder.access)).toBe(acknowledged + 1);

    rmSync(filler);
    await expect.poll(async () => (await logIn()).status, { timeout: 30_000 }).toBe(200);
    expect(await liveSessions(server, holder.access)).toBe(acknowledged + 2);
    const turned = await send(server, "POST /api/token/refresh", { json: { refresh: holder.refresh } });
    expectAnswer(turned, 200, PAIR);
    expect(await server.stop()).toBe(0);
  });
} else {
  test("a full disk can't be tried here: nobody may mount one", () => {
    console.warn("disk-full.spec.ts: neither `unshare -m` nor `unshare -Urm` may mount a file system here.");
    expect(() => execFileSync("unshare", ["-m", "sh", "-c", MOUNT, "/mnt"], { stdio: "ignore" })).toThrow();
  });
}

function fill(file: string): void {
  for (let bytes = MIB; bytes.length > 0; ) {
    try {
      appendFileSync(file, bytes);
    } catch {
      bytes = bytes.subarray(0, Math.floor(bytes.length / 2));
    }
  }
}

/** Logs in until a table must grow and can't. */
async function logInUntilRefused(logIn: () => Promise<Answer>) {
  for (let acknowledged = 0; acknowledged < 95; acknowledged += 1) {
    const answer = await logIn();
    if (answer.status !== 200) return { acknowledged, refusal: answer };
  }
  throw new Error("the disk is not full");
}

async function liveSessions(server: Server, bearer: string): Promise<number> {
  const answer = await send(server, "GET /api/sessions?limit=100", { bearer });
  return (answer.body as { results: unknown[] }).results.length;
}
