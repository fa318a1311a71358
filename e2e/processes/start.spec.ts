import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { expect, test } from "../fixtures.ts";
import { createDatabaseUrl } from "../kit/database-server.ts";
import { PAIR } from "../kit/expect-answer.ts";
import { postgresProcess } from "../kit/folder.ts";
import { send } from "../kit/http.ts";
import { launch, type Variables } from "../kit/server.ts";
import { bothReady, servingProcesses } from "../kit/serving-processes.ts";

const ADMIN = /First admin: (\S+)\nPassword: +(\S+) +\(shown this once\)\n/;

test("on a fresh machine the first start tells the admin's password, once, and a start beside it steps back", async ({
  dataFolder,
  startServer,
}) => {
  const settings = { DATA_FOLDER: dataFolder };
  const first = await startServer(settings);
  const [, email = "", password = ""] = ADMIN.exec(first.log()) ?? [];
  const logIn = (at: { origin: string }) => send(at, "POST /api/token", { json: { email, password } });
  expect(first.log().replace(ADMIN, "")).toMatch(/^Keyturn is ready: \S+ \(port \d+\)\n$/);
  expect((await logIn(first)).body).toEqual(PAIR);

  const beside = await refusal(settings);
  expect(beside).toEqual([expect.stringContaining(`Keyturn already runs on ${dataFolder}`)]);
  expect((await logIn(first)).body).toEqual(PAIR);
  expect(await first.stop()).toBe(0);
  expect(await postgresProcess(dataFolder)).toBeNull();

  const second = await startServer(settings);
  expect(second.log()).not.toMatch(/password/i);
  expect((await logIn(second)).body).toEqual(PAIR);
  expect(await second.stop()).toBe(0);
});

test("a deployment's first start makes nobody and prints no password", async ({ startServer }) => {
  const server = await startServer({
    APP_URL: "https://login.example.com",
    RATE_LIMITS: "on",
    MAIL_TRANSPORT: "smtp",
    SMTP_URL: "smtps://127.0.0.1:1",
    MAIL_FROM: "login@example.com",
  });
  expect(server.log()).not.toMatch(ADMIN);
  const { db } = await server.app();
  expect(await db.$client`select id from users`).toEqual([]);
  const { headers } = await send(server, "GET /api/health");
  expect(headers["strict-transport-security"]).toMatch(/^max-age=31536000/);
  expect(await server.stop()).toBe(0);
});

test("what another account left in the temporary folder is neither run nor looked at", async ({
  dataFolder,
  startServer,
}) => {
  const left = join(dataFolder, `tsx-${process.getuid?.()}`);
  mkdirSync(left);
  writeFileSync(join(left, "planted"), "");
  utimesSync(left, 0, 0);
  const server = await startServer({ TMPDIR: dataFolder, WEB_CONCURRENCY: "2" });
  await bothReady(server);
  for (const pid of [server.process.pid, ...servingProcesses(server)]) {
    const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
    expect(command.filter((word) => word.startsWith("-"))).toEqual(["--enable-source-maps"]);
  }
  expect(readdirSync(dataFolder).filter((name) => name.startsWith("tsx"))).toEqual([
    `tsx-${process.getuid?.()}`,
  ]);
  expect(statSync(left).atimeMs).toBe(0);
  expect(readdirSync(left)).toEqual(["planted"]);
  expect(await server.stop()).toBe(0);
});

test.describe("bad settings stop the start with a line for each that names it and tells no secret", () => {
  const deployed = { APP_URL: "https://login.example.com", MAIL_TRANSPORT: "mailbox" };
  const cases: [string, Variables, string[]][] = [
    [
      "out of shape",
      {
        PORT: "port-hunter2",
        DATABASE_URL: "mysql://root:hunter2@127.0.0.1/x",
        DATABASE_POOL: "0",
        SECRET_KEY: "hunter2",
        ALGORITHM: "none",
        ACCESS_TOKEN_LIFETIME: "hunter2 minutes",
        CORS_ORIGINS: "*",
        TRUSTED_PROXIES: "-1",
        WEB_CONCURRENCY: "two",
        ROTATE_REFRESH_TOKENS: "perhaps",
      },
      [
        "PORT",
        "DATABASE_URL",
        "DATABASE_POOL",
        "WEB_CONCURRENCY",
        "SECRET_KEY",
        "ALGORITHM",
        "ACCESS_TOKEN_LIFETIME",
        "ROTATE_REFRESH_TOKENS",
        "CORS_ORIGINS",
        "TRUSTED_PROXIES",
      ],
    ],
    ["a key that is none", { ALGORITHM: "RS256", SIGNING_KEY: "-----BEGIN hunter2-----" }, ["SIGNING_KEY"]],
    [
      "a published secret",
      { ...deployed, SECRET_KEY: "django-insecure-hunter2-hunter2-hunter2" },
      ["SECRET_KEY"],
    ],
  ];
  for (const [name, settings, named] of cases) {
    test(name, async () => {
      const lines = await refusal(settings);
      expect(lines.map((line) => line.split(" ")[0])).toEqual(expect.arrayContaining(named));
      expect(new Set(lines).size).toBe(lines.length);
      expect(lines.join()).not.toContain("hunter2");
    });
  }
});

test("a port that is taken is said before anything is made, with what to do, by one process or two", async ({
  dataFolder,
}) => {
  const taken = createServer().listen(0);
  await once(taken, "listening");
  const { port } = taken.address() as AddressInfo;
  for (const WEB_CONCURRENCY of ["1", "2"]) {
    const DATA_FOLDER = join(dataFolder, WEB_CONCURRENCY);
    const lines = await refusal({ DATA_FOLDER, PORT: String(port), WEB_CONCURRENCY });
    expect(lines).toEqual([
      `PORT ${port} is taken, perhaps by a Keyturn that runs already. Stop what listens there, or choose another, as in: PORT=3210 npm start`,
    ]);
    expect(existsSync(DATA_FOLDER)).toBe(false);
  }
  taken.close();
});

test("a database that cannot be reached or used is said in one line", async () => {
  const unreachable = "postgres://nobody:hunter2@127.0.0.1:1/keyturn";
  const [away, ...more] = await refusal({ DATABASE_URL: unreachable });
  expect(away).toMatch(/^The database cannot be reached: .*ECONNREFUSED/);
  const missing = new URL(await createDatabaseUrl());
  missing.pathname += "_missing";
  const [absent, ...others] = await refusal({ DATABASE_URL: missing.href });
  expect(absent).toMatch(/^The database .*does not exist/);
  expect([...more, ...others]).toEqual([]);
  expect(`${away}${absent}`).not.toContain("hunter2");
});

/** What a start that is refused says: every line of it, and it ends with exit code 1. */
async function refusal(settings: Variables): Promise<string[]> {
  const { ended, log } = launch({
    SECRET_KEY: "a secret that only this test uses, long enough",
    ...settings,
  });
  expect(await ended).toBe(1);
  expect(log()).not.toMatch(/^ +at /m);
  const lines = log().split("\n");
  return lines.filter((line) => line.startsWith("keyturn: ")).map((line) => line.slice("keyturn: ".length));
}
