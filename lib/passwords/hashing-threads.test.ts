import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import type { Worker } from "node:worker_threads";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createPasswordHasher, type PasswordHasher } from "./hash.ts";

const PASSWORD = "correct horse battery";

vi.setConfig({ testTimeout: 30_000 });

/** The threads that were started during a test. */
let started: Worker[];
const note = (thread: Worker) => started.push(thread);

beforeEach(() => {
  started = [];
  process.on("worker", note);
});
afterEach(() => void process.off("worker", note));

async function hashed(hasher: PasswordHasher): Promise<string> {
  const outcome = await hasher.hash(PASSWORD);
  if (outcome.kind !== "hashed") throw new Error(outcome.kind);
  return outcome.passwordHash;
}

describe("threads that hash", () => {
  it("none is started before somebody logs in, and no more than may hash at once, however many do", async () => {
    const hasher = createPasswordHasher({ atOnce: 2, waitingAtMost: 100 });
    expect(started).toHaveLength(0);
    const passwordHash = await hashed(hasher);
    expect(started).toHaveLength(1);
    const verdicts = await Promise.all(
      Array.from({ length: 6 }, (_, i) => hasher.verify(i % 2 ? PASSWORD : "wrong", passwordHash)),
    );
    expect(verdicts.map(({ kind }) => kind)).toEqual([1, 2, 3].flatMap(() => ["mismatch", "match"]));
    expect(started).toHaveLength(2);
  });

  it.runIf(process.platform === "linux")(
    "stand back for whatever else wants the core, and this thread keeps its place",
    async () => {
      const before = nicenessOfThreads();
      expect(before.get(process.pid)).toBe(0);
      await hashed(createPasswordHasher({ atOnce: 1 }));
      const after = nicenessOfThreads();
      expect(after.get(process.pid)).toBe(0);
      const behind = [...after].filter(([id, niceness]) => niceness === 10 && before.get(id) !== 10);
      expect(behind).toHaveLength(1);
    },
  );

  it("an idle one keeps no program from ending", async () => {
    const program = `
      import { createPasswordHasher } from "${import.meta.dirname}/hash.ts";
      console.log((await createPasswordHasher({ atOnce: 1 }).verify("x", null)).kind);`;
    const child = spawn(process.execPath, ["--import", "tsx", "--input-type", "module", "--eval", program], {
      cwd: join(import.meta.dirname, "../.."),
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [[code], said] = await Promise.all([once(child, "close"), text(child.stdout)]);
    expect({ code, said }).toEqual({ code: 0, said: "mismatch\n" });
  });
});

describe("a thread that dies", () => {
  it("while it hashes, fails that one log-in and says why; the next have a thread again", async () => {
    const hasher = createPasswordHasher({ atOnce: 1, waitingAtMost: 10 });
    const passwordHash = await hashed(hasher);
    const [hit, waiting, wrong] = [PASSWORD, PASSWORD, "wrong"].map((password) =>
      hasher.verify(password, passwordHash),
    );
    void started[0]?.terminate();
    await expect(hit).rejects.toThrow("A thread that hashes passwords ended before it answered.");
    expect(await waiting).toEqual({ kind: "match" });
    expect(await wrong).toEqual({ kind: "mismatch" });
    expect(started).toHaveLength(2);
    expect(hasher.use()).toMatchObject({ hashing: 0, waiting: 0 });
  });

  it("while it is idle, is noticed by nobody", async () => {
    const hasher = createPasswordHasher({ atOnce: 1 });
    const passwordHash = await hashed(hasher);
    await started[0]?.terminate();
    expect(await hasher.verify(PASSWORD, passwordHash)).toEqual({ kind: "match" });
    expect(await hasher.verify("wrong", passwordHash)).toEqual({ kind: "mismatch" });
    expect(started).toHaveLength(2);
  });

  it("takes no other with it", async () => {
    const hasher = createPasswordHasher({ atOnce: 2 });
    const passwordHash = await hashed(hasher);
    const [hit, other] = [PASSWORD, PASSWORD].map((password) => hasher.verify(password, passwordHash));
    void started[0]?.terminate();
    await expect(hit).rejects.toThrow();
    expect(await other).toEqual({ kind: "match" });
  });
});

/** How far each thread of this process stands back: 0 as usual, 10 behind them. */
function nicenessOfThreads(): Map<number, number> {
  const threads = readdirSync("/proc/self/task").map((id): [number, number] => {
    const facts = readFileSync(`/proc/self/task/${id}/stat`, "utf8").split(") ").at(-1)?.split(" ") ?? [];
    return [Number(id), Number(facts[16])];
  });
  return new Map(threads);
}
