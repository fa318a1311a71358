import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, chown, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import postgres from "postgres";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { takeLock } from "./embedded/lock.ts";
import { becomesTrue } from "./embedded/process.ts";
import { type EmbeddedConnection, joinEmbeddedDatabase, startEmbeddedDatabase } from "./embedded.ts";

const FIXTURE = fileURLToPath(new URL("./embedded/owner.fixture.ts", import.meta.url));
const TIMEOUT_MS = 60_000;

let folder: string;
let cleanUps: (() => unknown)[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "keyturn-"));
  cleanUps = [() => rm(folder, { recursive: true, force: true })];
  await chmod(folder, 0o711);
});

afterEach(async () => {
  for (const cleanUp of cleanUps.reverse()) await cleanUp();
});

describe("a first start", { timeout: TIMEOUT_MS }, () => {
  it("makes a UTF-8 database that keeps what it acknowledges and counts time in UTC", async () => {
    const { connection } = await start();
    const [facts] = await query(
      connection,
      "select current_database() as database, current_user as role, current_setting('server_encoding') as encoding, " +
        "current_setting('fsync') as fsync, current_setting('data_checksums') as checksums, " +
        "current_setting('timezone') as timezone, current_setting('server_version_num')::int / 10000 as version",
    );
    expect(facts).toEqual({
      database: "keyturn",
      role: "keyturn",
      encoding: "UTF8",
      fsync: "on",
      checksums: "on",
      timezone: "UTC",
      version: 18,
    });
  });

  it("lets nobody in without the password, which only the owner of the folder can read", async () => {
    const { connection } = await start();
    await expect(query({ ...connection, password: "guess" }, "select 1")).rejects.toThrow(/password/);
    expect((await stat(join(folder, "postgres.json"))).mode & 0o777).toBe(0o600);
    const [row] = await query(
      connection,
      "select rolpassword like 'SCRAM-SHA-256$%' as scram from pg_authid where rolname = 'keyturn'",
    );
    expect(row).toEqual({ scram: true });
  });

  it("listens on a socket in the folder and on nothing else", async () => {
    const { connection } = await start();
    expect(connection.host).toBe(join(folder, "postgres"));
    const [addresses] = await query(connection, "select current_setting('listen_addresses') as tcp");
    expect(addresses).toEqual({ tcp: "" });
  });

  it("works in a folder that is closed to other accounts", async () => {
    await chmod(folder, 0o700);
    const { connection } = await start();
    expect(await query(connection, "select 1 as one")).toEqual([{ one: 1 }]);
  });

  it("uses loopback when the folder's path is too long for a socket", async () => {
    const { connection } = await start(join(folder, "a".repeat(100)));
    expect(connection.host).toBe("127.0.0.1");
    expect(await query(connection, "select 1 as one")).toEqual([{ one: 1 }]);
  });

  it("is started over when one before it was killed in the middle", async () => {
    const killed = run();
    await becomesTrue(async () => (await made()).some((name) => name.startsWith("draft-")), TIMEOUT_MS);
    await kill(killed);
    expect(await made()).not.toContain("data");
    const { connection } = await start();
    expect(await query(connection, "select 1 as one")).toEqual([{ one: 1 }]);
    expect((await made()).filter((name) => name.startsWith("draft-"))).toEqual([]);
  });
});

describe.runIf(process.getuid?.() === 0)("started by root", { timeout: TIMEOUT_MS }, () => {
  it("PostgreSQL runs as an account that nothing else has, and keeps it", async () => {
    const first = await start();
    const { uid } = await stat(join(folder, "postgres"));
    expect(uid).toBeGreaterThan(2_000_000_000);
    expect(await readFile("/etc/passwd", "utf8")).not.toContain(`:${uid}:`);
    expect((await stat(`/proc/${await postmasterPid()}`)).uid).toBe(uid);
    expect((await stat(join(folder, "postgres"))).mode & 0o777).toBe(0o700);
    await first.stop();
    await start();
    expect((await stat(`/proc/${await postmasterPid()}`)).uid).toBe(uid);
  });

  it("a database that belonged to nobody, whom other programs share, is theirs no longer", async () => {
    await mkdir(join(folder, "postgres"), { mode: 0o700 });
    await chown(join(folder, "postgres"), 65534, 65534);
    const { connection } = await start();
    expect((await stat(`/proc/${await postmasterPid()}`)).uid).not.toBe(65534);
    expect((await stat(join(folder, "postgres"))).uid).not.toBe(65534);
    expect(await query(connection, "select 1 as one")).toEqual([{ one: 1 }]);
  });

  it("two databases don't share an account", async () => {
    await start();
    await start(join(folder, "other"));
    const { uid } = await stat(join(folder, "postgres"));
    expect((await stat(join(folder, "other/postgres"))).uid).not.toBe(uid);
  });
});

describe("one owner", { timeout: TIMEOUT_MS }, () => {
  it("a second start on the same folder while the first runs leaves it alone", async () => {
    const { connection } = await start();
    expect(await startEmbeddedDatabase(folder)).toEqual({ kind: "already-running", ownerPid: process.pid });
    expect(await query(connection, "select 1 as one")).toEqual([{ one: 1 }]);
  });

  it("the command line joins a running one, also while it starts, and finds none after it stopped", async () => {
    expect(await joinEmbeddedDatabase(folder)).toBeNull();
    const starting = start();
    await becomesTrue(async () => (await readdir(folder)).includes("postgres.lock.1"), TIMEOUT_MS);
    const joined = await joinEmbeddedDatabase(folder);
    const started = await starting;
    expect(joined).toEqual(started.connection);
    await started.stop();
    expect(await joinEmbeddedDatabase(folder)).toBeNull();
  });

  it("two starters racing for a stale lock: one wins", async () => {
    const first = run();
    await said(first, "1");
    await kill(first);
    const racers = [run(), run(), run()];
    const kinds = await Promise.all(racers.map((racer) => said(racer, /started|already-running/)));
    expect(kinds.sort()).toEqual(["already-running", "already-running", "started"]);
  });

  it("many takers of a stale lock, again and again: one wins each time", async () => {
    const base = join(folder, "lock");
    await writeFile(`${base}.1`, "1 no-such-start");
    for (let round = 0; round < 20; round += 1) {
      const locks = await Promise.all(Array.from({ length: 8 }, () => takeLock(base)));
      const taken = locks.flatMap((lock) => (lock.kind === "taken" ? [lock] : []));
      expect(taken).toHaveLength(1);
      await taken[0]?.release();
    }
    expect(await readdir(folder)).toEqual([`lock.21`]);
  });

  it.runIf(process.platform === "linux")(
    "a recycled process number is not mistaken for the owner",
    async () => {
      await writeFile(join(folder, "lock.1"), `${process.pid} 1`);
      expect(await takeLock(join(folder, "lock"))).toMatchObject({ kind: "taken" });
    },
  );
});

describe("what outlasts a violent end", { timeout: TIMEOUT_MS }, () => {
  it("rows are there after a clean stop", async () => {
    const first = await start();
    await query(first.connection, "create table marks as select 1 as n");
    await first.stop();
    const second = await start();
    expect(await query(second.connection, "select n from marks")).toEqual([{ n: 1 }]);
  });

  it("rows acknowledged before SIGKILL are there after the next start", async () => {
    await expectRowsAfter(async (owner) => kill(owner));
  });

  it("rows acknowledged before SIGKILL of owner and PostgreSQL are there after the next start", async () => {
    await expectRowsAfter(async (owner) => {
      const postmaster = await postmasterPid();
      await kill(owner);
      process.kill(postmaster, "SIGKILL");
    });
  });

  it("the owner learns in one line that PostgreSQL died, and can start it again", async () => {
    const first = await start();
    process.kill(await postmasterPid(), "SIGKILL");
    expect(await first.died).toMatch(/^PostgreSQL ended: [^\n]+$/);
    await first.stop();
    const second = await start();
    expect(await query(second.connection, "select 1 as one")).toEqual([{ one: 1 }]);
  });

  it.runIf(process.platform === "linux")(
    "a stranger with PostgreSQL's old number is left alone",
    async () => {
      await (await start()).stop();
      await writeFile(join(folder, "postgres/data/postmaster.pid"), `${process.pid}\n`);
      const { connection } = await start();
      expect(await query(connection, "select 1 as one")).toEqual([{ one: 1 }]);
    },
  );
});

async function start(where = folder) {
  await mkdir(where, { recursive: true });
  const result = await startEmbeddedDatabase(where);
  if (result.kind !== "started") throw new Error(JSON.stringify(result));
  cleanUps.push(result.stop);
  return result;
}

async function query(connection: EmbeddedConnection, text: string) {
  const sql = postgres({ ...connection, max: 1 });
  try {
    return [...(await sql.unsafe(text))];
  } finally {
    await sql.end();
  }
}

/** Another process that starts a database here and inserts 1, 2, 3 … until it is killed. */
function run(): ChildProcess {
  const child = spawn(process.execPath, ["--import", "tsx", FIXTURE, folder], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  cleanUps.push(async () => {
    await kill(child);
    const left = await startEmbeddedDatabase(folder);
    if (left.kind === "started") await left.stop();
  });
  return child;
}

async function said(child: ChildProcess, what: string | RegExp): Promise<string> {
  for await (const line of createInterface({ input: child.stdout as NodeJS.ReadableStream })) {
    if (typeof what === "string" ? line === what : what.test(line)) return line;
  }
  throw new Error(`it ended without saying ${what}`);
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGKILL");
  await once(child, "exit");
}

async function expectRowsAfter(violence: (owner: ChildProcess) => Promise<void>): Promise<void> {
  const owner = run();
  let acknowledged = 0;
  for await (const line of createInterface({ input: owner.stdout as NodeJS.ReadableStream })) {
    if (Number(line) > 0) acknowledged = Number(line);
    if (acknowledged === 100) await violence(owner);
  }
  const { connection } = await start();
  const [row] = await query(connection, "select count(*)::int as count, max(n) as last from marks");
  expect(row?.count).toBe(row?.last);
  expect(row?.last).toBeGreaterThanOrEqual(acknowledged);
}

async function postmasterPid(): Promise<number> {
  return Number.parseInt(await readFile(join(folder, "postgres/data/postmaster.pid"), "utf8"), 10);
}

async function made(): Promise<string[]> {
  return readdir(join(folder, "postgres")).catch(() => []);
}
