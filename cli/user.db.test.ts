import { describe, expect, it } from "vitest";
import { createPasswordHasher } from "@/lib/passwords/hash.ts";
import { COMMANDS_TIMEOUT_MS, createCommandLine } from "@/lib/testing/command-line.ts";

const commandLine = createCommandLine();

describe("user create", { timeout: COMMANDS_TIMEOUT_MS }, () => {
  it("makes a verified account and says its random password once", async () => {
    const { exitCode, stdout } = await commandLine.run(
      "user",
      "create",
      "Ada@Example.com",
      "--role",
      "admin",
    );
    expect(exitCode).toBe(0);
    const [, password = ""] = /^Password: (\S{20}) {3}\(shown this once\)$/m.exec(stdout) ?? [];
    expect(stdout.split(password)).toHaveLength(2);
    expect(await person("Ada@example.com")).toMatchObject({
      role: "admin",
      verified: true,
      two_factor: true,
    });
    expect(await passwordIs("Ada@example.com", password)).toBe(true);
  });

  it("keeps a password that was given to itself, and takes every option", async () => {
    const options = ["--password", "a horse without a battery", "--two-factor", "off", "--name", "Grace H."];
    const created = await commandLine.json("user", "create", "grace@example.com", ...options);
    expect(created).not.toHaveProperty("password");
    expect(JSON.stringify(created)).not.toContain("battery");
    expect(await person("grace@example.com")).toMatchObject({
      name: "Grace H.",
      role: "user",
      two_factor: false,
    });
    expect(await passwordIs("grace@example.com", "a horse without a battery")).toBe(true);
  });

  it("leaves an existing address as it is, in any case", async () => {
    const before = await person("grace@example.com");
    const again = await commandLine.run("user", "create", "GRACE@example.com", "--role", "admin", "--json");
    expect(again).toMatchObject({ exitCode: 1, stderr: "" });
    expect(JSON.parse(again.stdout)).toEqual({ error: expect.stringContaining("has an account already") });
    expect(await person("grace@example.com")).toEqual(before);
  });

  it("refuses a bad address or password with a line on stderr and nothing on stdout", async () => {
    expect(await commandLine.run("user", "create", "nobody")).toEqual({
      exitCode: 1,
      stdout: "",
      stderr: "keyturn: Enter a valid email address.\n",
    });
    expect(await commandLine.run("user", "create", "x@example.com", "--password", "short")).toEqual({
      exitCode: 1,
      stdout: "",
      stderr: expect.stringMatching(/^keyturn: This password is too short\.[^\n]+\n$/),
    });
  });
});

describe("user list", { timeout: COMMANDS_TIMEOUT_MS }, () => {
  it("is a table for people, whose terminal no name can command", async () => {
    await commandLine.run("user", "create", "mallory@example.com", "--name", "\u001b[2Jgone");
    const { stdout } = await commandLine.run("user", "list");
    expect(stdout).not.toContain("\u001b");
    expect(stdout).toMatch(
      /^grace@example\.com +Grace H\. +user +active +off +\d{4}-\d\d-\d\d \d\d:\d\d +never$/m,
    );
  });

  it("names every field for machines, and no password among them", async () => {
    const [ada] = await commandLine.json("user", "list");
    expect(ada).toEqual({
      id: expect.any(String),
      email: "Ada@example.com",
      name: "",
      role: "admin",
      is_active: true,
      email_verified_at: expect.stringMatching(/^\d{4}-.+Z$/),
      created_at: expect.stringMatching(/^\d{4}-.+Z$/),
      last_login_at: null,
      two_factor: { email: true, totp: false, passkeys: 0, recovery_codes_left: 0 },
    });
  });
});

describe("user logout and user deactivate", { timeout: COMMANDS_TIMEOUT_MS }, () => {
  it("exit with 1 for an address without account", async () => {
    for (const verb of ["logout", "deactivate"]) {
      const { exitCode, stdout } = await commandLine.run("user", verb, "nobody@example.com", "--json");
      expect(exitCode).toBe(1);
      expect(JSON.parse(stdout)).toEqual({ error: "nobody@example.com has no account." });
    }
  });

  it("say so when a person was inactive already", async () => {
    const first = await commandLine.run("user", "deactivate", "mallory@example.com");
    expect(first.stdout).toBe("mallory@example.com is inactive now; 0 sessions ended.\n");
    const second = await commandLine.run("user", "deactivate", "mallory@example.com");
    expect(second).toMatchObject({ exitCode: 0, stdout: "mallory@example.com was inactive already.\n" });
  });

  it("leave one active admin when two commands deactivate the last two at once", async () => {
    await commandLine.run("user", "create", "root@example.com", "--role", "admin");
    const both = await Promise.all(
      ["ada@example.com", "root@example.com"].map((email) => commandLine.run("user", "deactivate", email)),
    );
    expect(both.map(({ exitCode }) => exitCode).sort()).toEqual([0, 1]);
    expect(both.map(({ stderr }) => stderr).join("")).toMatch(
      /is the last active admin and stays active\.\n$/,
    );
  });
});

describe("user factors", { timeout: COMMANDS_TIMEOUT_MS }, () => {
  it("shows what a person logs in with, and takes strong factors away for a reason alone", async () => {
    await commandLine.json("user", "create", "lost@example.com", "--two-factor", "off");
    const sql = commandLine.db.$client;
    const [row] = await sql`select id from users where email = 'lost@example.com'`;
    await sql`insert into passkeys (id, user_id, credential_id, public_key, counter, transports, aaguid, backup_eligible, backed_up, name, created_at)
      values (gen_random_uuid(), ${row?.id}, 'an id', 'a key', 0, '{}', gen_random_uuid(), false, false, 'Blue key', now())`;
    await sql`update users set passkeys = 1 where id = ${row?.id}`;
    const shown = await commandLine.run("user", "factors", "lost@example.com");
    expect(shown.stdout.split("\n")).toEqual([
      "Code by e-mail: off",
      "Authenticator app: none",
      "Passkeys: Blue key",
      "Recovery codes left: 0",
      "",
    ]);
    const hasty = await commandLine.run("user", "factors", "lost@example.com", "--remove");
    expect(hasty).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("--reason") });
    const removing = ["user", "factors", "lost@example.com", "--remove", "--reason", "lost phone"];
    expect(await commandLine.json(...removing)).toMatchObject({ removed: true });
    expect(await commandLine.json(...removing)).toMatchObject({ removed: false });
    const [after] = await sql`
      select passkeys, held_until > now() as held,
        (select data->>'why' from audit_events where user_id = users.id and type = 'two_factor.removed') as why
      from users where id = ${row?.id}`;
    expect(after).toEqual({ passkeys: 0, held: true, why: "lost phone" });
  });
});

async function person(email: string) {
  const [row] = await commandLine.db.$client`
    select name, role, is_active, email_verified_at is not null as verified, two_factor_email as two_factor
    from users where email = ${email}`;
  return row;
}

async function passwordIs(email: string, password: string): Promise<boolean> {
  const [row] = await commandLine.db.$client`select password_hash from users where email = ${email}`;
  const { kind } = await createPasswordHasher().verify(password, row?.password_hash);
  return kind === "match";
}
