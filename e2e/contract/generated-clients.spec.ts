import { execFile } from "node:child_process";
import { cp, mkdir, rm, symlink, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "../fixtures.ts";
import { send } from "../kit/http.ts";
import { makePerson } from "../kit/people.ts";

const folder = join(import.meta.dirname, "../generated");
const made = join(folder, "made");
const installed = createRequire(join(folder, "package.json"));
const program = (name: string, path: string) =>
  join(dirname(installed.resolve(`${name}/package.json`)), path);

/** Runs a program of Node's, and fails with all that it printed. */
async function run(...command: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, command, { cwd: folder }).catch((failed) => {
    throw new Error(`${command.join(" ")}\n${failed.stdout}${failed.stderr}`);
  });
  return stdout.trim();
}

const GENERATORS = {
  "openapi-typescript": (description: string) =>
    run(program("openapi-typescript", "bin/cli.js"), description, "-o", join(made, "openapi-typescript.ts")),
  /** It needs a TypeScript that programs can call, which the one beside it is not. */
  async "hey-api"(description: string) {
    const own = join(made, "node_modules");
    await cp(dirname(program("@hey-api/openapi-ts", "")), join(own, "@hey-api"), { recursive: true });
    await symlink(program("typescript", ""), join(own, "typescript"));
    const generator = join(own, "@hey-api/openapi-ts/bin/run.js");
    return run(generator, "-i", description, "-o", join(made, "hey-api"), "--no-log-file");
  },
  async orval(description: string, origin: string) {
    const output = { target: join(made, "orval.ts"), client: "fetch", baseUrl: origin };
    const config = join(made, "orval.config.cjs");
    await writeFile(
      config,
      `module.exports = ${JSON.stringify({ keyturn: { input: description, output } })};`,
    );
    return run(join(dirname(installed.resolve("orval")), "bin/orval.js"), "--config", config);
  },
};

test.beforeEach(async () => {
  await rm(made, { recursive: true, force: true });
  await mkdir(join(made, "node_modules"), { recursive: true });
});

test("ten lines of a newcomer compile against the client that any generator makes, and log in with it", async ({
  server,
}) => {
  const description = join(made, "openapi.json");
  await writeFile(description, (await send(server, "GET /api/openapi.json")).text);
  for (const generate of Object.values(GENERATORS)) await generate(description, server.origin);
  expect(await run(program("typescript", "bin/tsc"), "--project", folder)).toBe("");
  for (const name of Object.keys(GENERATORS)) {
    const { email, password } = await makePerson(server);
    const said = await run("--import", "tsx", join(folder, `${name}.ts`), server.origin, email, password);
    expect([name, said]).toEqual([name, `${email} 1 string`]);
  }
});
