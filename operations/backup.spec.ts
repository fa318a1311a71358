import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "../e2e/fixtures.ts";
import { createDatabaseUrl } from "../e2e/kit/database-server.ts";
import { expectAnswer, PAIR, refused } from "../e2e/kit/expect-answer.ts";
import { send } from "../e2e/kit/http.ts";
import { enter, logIn, refresh } from "../e2e/kit/people.ts";

const INSTALLED = "/usr/lib/postgresql";

/** One of PostgreSQL's own programs, of the newest version installed. */
function program(name: string): string {
  const [newest = ""] = readdirSync(INSTALLED).sort((a, b) => Number(b) - Number(a));
  return join(INSTALLED, newest, "bin", name);
}

test("a dump that was taken while people work brings everybody back, and nothing that was ended lives again", async ({
  startServer,
}) => {
  const folder = mkdtempSync(join(tmpdir(), "keyturn-backup-"));
  const file = join(folder, "keyturn.dump");
  const before = await startServer();
  const [waiting, ended, later] = [await enter(before), await enter(before), await enter(before)];
  await send(before, "POST /logout_token", { bearer: ended.access, json: { all: "1" } });
  execFileSync(program("pg_dump"), [
    "--format=custom",
    `--file=${file}`,
    before.variables.DATABASE_URL ?? "",
  ]);
  const turned = await refresh(before, later.refresh);
  await before.stop();

  const DATABASE_URL = await createDatabaseUrl();
  const restore = ["--no-owner", "--exit-on-error", "--single-transaction", `--dbname=${DATABASE_URL}`, file];
  execFileSync(program("pg_restore"), restore);
  rmSync(folder, { recursive: true });
  const after = await startServer({ ...before.variables, DATABASE_URL });
  expectAnswer(
    await send(after, "POST /api/token/refresh", { json: { refresh: waiting.refresh } }),
    200,
    PAIR,
  );
  await logIn(after, ended);
  const gone = await send(after, "POST /api/token/refresh", { json: { refresh: ended.refresh } });
  expectAnswer(gone, 401, refused("Token is blacklisted", "logged_out_everywhere"));
  const newer = await send(after, "POST /api/token/refresh", { json: { refresh: turned.refresh } });
  expect(newer.status, "who refreshed after the dump logs in again").toBe(401);
});
