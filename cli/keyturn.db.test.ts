import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { COMMANDS_TIMEOUT_MS, createCommandLine, keyturn } from "@/lib/testing/command-line.ts";

const commandLine = createCommandLine();

describe("seed", { timeout: COMMANDS_TIMEOUT_MS }, () => {
  it("makes its people once, sam with three devices of which one is logged out", async () => {
    await commandLine.run("user", "create", "grace@example.com", "--role", "admin");
    const { password, people } = await commandLine.json("seed");
    expect(password).toBe("correct horse battery");
    expect(people.map(({ email, created }: { email: string; created: boolean }) => [email, created])).toEqual(
      [
        ["ada@example.com", true],
        ["grace@example.com", false],
        ["lin@example.com", true],
        ["sam@example.com", true],
      ],
    );
    expect(await state()).toEqual([
      { email: "ada@example.com", role: "admin", is_active: true, sessions: [] },
      { email: "grace@example.com", role: "admin", is_active: true, sessions: [] },
      { email: "lin@example.com", role: "user", is_active: false, sessions: [] },
      {
        email: "sam@example.com",
        role: "user",
        is_active: true,
        sessions: ["live", "live", "revoked_by_owner"],
      },
    ]);
  });

  it("leaves them as they are the second time", async () => {
    const before = await state();
    const { exitCode, stdout } = await commandLine.run("seed");
    expect(exitCode).toBe(0);
    expect(stdout.match(/was there, left as it is/g)).toHaveLength(4);
    expect(stdout).toContain("correct horse battery");
    expect(await state()).toEqual(before);
  });

  it("is refused on a deployment", async () => {
    const mail = { MAIL_TRANSPORT: "resend", RESEND_API_KEY: "re_1", MAIL_FROM: "login@example.com" };
    const deployed = { APP_URL: "https://login.example.com", SECRET_KEY: "kJ8".repeat(16), ...mail };
    const refusal = await keyturn({ ...commandLine.variables, ...deployed }, "seed");
    expect(refusal).toMatchObject({ exitCode: 1, stdout: "" });
    expect(refusal.stderr).toMatch(/only a local run gets them\.\n$/);
  });
});

describe("user logout and sessions prune", { timeout: COMMANDS_TIMEOUT_MS }, () => {
  it("end the sessions of a person, and delete those that ended 30 days ago", async () => {
    expect(await commandLine.json("user", "logout", "sam@example.com")).toMatchObject({ ended_sessions: 2 });
    expect(await commandLine.json("sessions", "prune")).toEqual({
      deleted: 0,
      events: { kind: "pruned", deleted: 0, shortened: 0 },
    });
    await commandLine.db.$client`update sessions set revoked_at = revoked_at - interval '31 days'
      where revoked_reason = 'revoked_by_admin'`;
    expect(await commandLine.run("doctor")).toMatchObject({
      exitCode: 1,
      stdout: expect.stringMatching(/^fault +pruning +Pruning is 1 day late/m),
    });
    const { stdout } = await commandLine.run("sessions", "prune");
    expect(stdout).toBe(
      "Deleted 2 ended sessions.\nDeleted 0 old events, shortened the addresses of 0 events.\n",
    );
  });
});

describe("every command", { timeout: COMMANDS_TIMEOUT_MS }, () => {
  it("answers --json with one JSON value, wherever it stands and whatever is wrong", async () => {
    const calls = ["--json migrate", "doctor --json", "user create --json", "--json"];
    for (const call of calls) JSON.parse((await commandLine.run(...call.split(" "))).stdout);
  });

  it("says each faulty setting on a line", async () => {
    const faulty = { ...commandLine.variables, PORT: "x", DATABASE_POOL: "0" };
    const { exitCode, stdout, stderr } = await keyturn(faulty, "user", "list");
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
    expect(stderr).toMatch(/^keyturn: PORT .+\nkeyturn: DATABASE_POOL .+\n$/);
  });

  it("keeps secrets to itself", async () => {
    const rows = await commandLine.db.$client`select password_hash from users`;
    expect(rows).toHaveLength(4);
    const secretKey = await readFile(join(commandLine.variables.DATA_FOLDER, "secret-key"), "utf8");
    const printed = commandLine.printed.join("\n");
    for (const secret of [...rows.map(({ password_hash }) => password_hash), "$argon2", secretKey])
      expect(printed).not.toContain(secret);
  });
});

async function state() {
  return [
    ...(await commandLine.db.$client`
      select email, role, is_active, array(
        select coalesce(revoked_reason, 'live') from sessions where user_id = users.id order by created_at
      ) as sessions
      from users order by email`),
  ];
}
