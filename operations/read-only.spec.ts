import { execFileSync } from "node:child_process";
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "../e2e/fixtures.ts";
import { expectAnswer, PAIR } from "../e2e/kit/expect-answer.ts";
import { send } from "../e2e/kit/http.ts";
import { enter, refresh } from "../e2e/kit/people.ts";

const root = join(import.meta.dirname, "..");
const READ_ONLY = 'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && cd "$0"';
const NOBODY = "setpriv --reuid=65534 --regid=65534 --clear-groups --no-new-privs --bounding-set=-all";

test("Keyturn runs as nobody in a folder that nobody can write, as in the container and under systemd", async ({
  dataFolder,
  startServer,
}) => {
  chmodSync(dataFolder, 0o777);
  const through = ["unshare", "-m", "sh", "-c", `${READ_ONLY} && exec ${NOBODY} "$@"`, root];
  const server = await startServer({ TMPDIR: dataFolder }, "keyturn", through);
  const inside = `/proc/${server.process.pid}`;
  expect(() => writeFileSync(join(inside, "root", root, "planted"), "")).toThrow("EROFS");
  const identity = execFileSync("grep", [
    "-E",
    "^(Uid|CapEff|NoNewPrivs)",
    join(inside, "status"),
  ]).toString();
  expect(identity).toMatch(/^Uid:\s+65534\s+65534/m);
  expect(identity).toMatch(/^CapEff:\s+0+$/m);
  expect(identity).toMatch(/^NoNewPrivs:\s+1$/m);

  const person = await enter(server);
  const pair = await refresh(server, person.refresh);
  expect(pair).toEqual(PAIR);
  expectAnswer(await send(server, "GET /api/ready"), 200, { status: "ready" });
  for (const page of ["/login", "/nowhere"]) {
    expect((await send(server, `GET ${page}`)).headers["content-type"]).toMatch(/^text\/html/);
  }
  expect(server.log()).not.toMatch(/EROFS|EACCES|read-only/i);
  expect(await server.stop()).toBe(0);
});
