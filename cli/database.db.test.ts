import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { joinEmbeddedDatabase, startEmbeddedDatabase } from "@/db/embedded.ts";
import { COMMANDS_TIMEOUT_MS, keyturn } from "@/lib/testing/command-line.ts";

let folder: string;
const command = (...args: string[]) => keyturn({ DATA_FOLDER: folder }, ...args);

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "keyturn-cli-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe("without a running server", { timeout: COMMANDS_TIMEOUT_MS }, () => {
  it("a command works on a fresh machine, and stops the database that it started", async () => {
    const { exitCode, stderr } = await command("user", "create", "ada@example.com");
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(await joinEmbeddedDatabase(folder)).toBeNull();
    expect((await command("user", "list")).stdout).toContain("ada@example.com");
  });

  it("a command that fails stops the database too", async () => {
    expect(await command("user", "logout", "nobody@example.com")).toMatchObject({ exitCode: 1 });
    expect(await joinEmbeddedDatabase(folder)).toBeNull();
  });

  it("commands at the same moment share one database, and none stops it under another", async () => {
    const emails = ["a", "b", "c", "d"].map((name) => `${name}@example.com`);
    const all = await Promise.all(emails.map((email) => command("user", "create", email)));
    expect(all.map(({ exitCode, stderr }) => ({ exitCode, stderr }))).toEqual(
      emails.map(() => ({ exitCode: 0, stderr: "" })),
    );
    const listed = JSON.parse((await command("user", "list", "--json")).stdout) as { email: string }[];
    expect(listed.map(({ email }) => email).sort()).toEqual(emails);
  });

  it("doctor says that there is no database yet, makes nothing itself, and migrate makes it", async () => {
    expect(await command("doctor")).toMatchObject({
      exitCode: 1,
      stdout: expect.stringMatching(/^fault +database +There is no database in .* yet/m),
    });
    expect(await readdir(folder)).toEqual([]);
    const [first, second] = [await command("migrate", "--json"), await command("migrate", "--json")];
    expect(JSON.parse(first.stdout).applied).toBeGreaterThan(0);
    expect(JSON.parse(second.stdout)).toEqual({ applied: 0 });
    expect(await command("doctor")).toMatchObject({ exitCode: 0, stderr: "" });
  });
});

describe("while the server runs", { timeout: COMMANDS_TIMEOUT_MS }, () => {
  it("a command joins its database and leaves it running", async () => {
    const server = await startEmbeddedDatabase(folder);
    if (server.kind !== "started") throw new Error(server.kind);
    try {
      expect(await command("user", "create", "ada@example.com")).toMatchObject({ exitCode: 0, stderr: "" });
      expect(await joinEmbeddedDatabase(folder)).toEqual(server.connection);
    } finally {
      await server.stop();
    }
  });
});

describe("a database that is not there", { timeout: COMMANDS_TIMEOUT_MS }, () => {
  it("is a line without the password, and a fault to the doctor", async () => {
    const DATABASE_URL = "postgres://keyturn:s3kr1t@127.0.0.1:1/keyturn";
    const list = await keyturn({ DATABASE_URL, DATA_FOLDER: folder }, "user", "list");
    expect(list).toEqual({
      exitCode: 1,
      stdout: "",
      stderr: "keyturn: The database does not answer (ECONNREFUSED).\n",
    });
    const doctor = await keyturn({ DATABASE_URL, DATA_FOLDER: folder }, "doctor", "--json");
    expect(doctor.exitCode).toBe(1);
    expect(JSON.parse(doctor.stdout)).toContainEqual({
      check: "database",
      ok: false,
      detail: "The database does not answer (ECONNREFUSED).",
    });
    expect(JSON.stringify([list, doctor])).not.toContain("s3kr1t");
  });
});
