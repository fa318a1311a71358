import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { buildWhenNeeded } from "./build.ts";

let root: string;
let printed: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "keyturn-build-"));
  printed = "";
  const hear = (text: unknown) => {
    printed += text;
    return true;
  };
  vi.spyOn(process.stdout, "write").mockImplementation(hear);
  vi.spyOn(console, "error").mockImplementation(hear);
  await writeFile(join(root, "package.json"), "{}");
});

afterEach(async () => {
  vi.restoreAllMocks();
  await rm(root, { recursive: true, force: true });
});

it("a build that works prints how long it took, and nothing that the bundler says of itself", async () => {
  await install('console.log("Compiled"); console.error("Warning: an experiment");');
  expect(await buildWhenNeeded(root)).toBe(true);
  expect(printed).toMatch(/^Building the pages, once after each change \([^)]+\) … \d+ s\n$/);
});

it("a build that fails prints all that the bundler said", async () => {
  await install('console.log("Compiling"); console.error("Module not found"); process.exitCode = 1;');
  expect(await buildWhenNeeded(root)).toBe(false);
  expect(printed).toContain("Compiling\n");
  expect(printed).toContain("Module not found\n");
});

it("pages that are newer than every source are not built again, and nothing is printed", async () => {
  await install('throw new Error("built");');
  await writeFile(join(root, ".next/BUILD_ID"), "");
  expect(await buildWhenNeeded(root)).toBe(true);
  expect(printed).toBe("");
});

/** Puts a program where the bundler would be. */
async function install(program: string): Promise<void> {
  await mkdir(join(root, "node_modules/next/dist/bin"), { recursive: true });
  await writeFile(join(root, "node_modules/next/dist/bin/next.js"), program);
  await writeFile(
    join(root, "node_modules/next/package.json"),
    '{"exports":{"./dist/bin/next":"./dist/bin/next.js"}}',
  );
  await mkdir(join(root, ".next/static"), { recursive: true });
}
