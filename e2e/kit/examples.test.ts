import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

const root = join(import.meta.dirname, "../..");
const folders = readdirSync(join(root, "examples")).filter((name) =>
  readdirSync(join(root, "examples", name)).includes("package.json"),
);

type Package = { dependencies?: Record<string, string>; devDependencies?: Record<string, string> };
const packageIn = (path: string): Package =>
  JSON.parse(readFileSync(join(root, path, "package.json"), "utf8"));

it.each(folders)("the example %s names the very versions that it is tested with", (name) => {
  const { dependencies, devDependencies } = packageIn(".");
  expect({ ...dependencies, ...devDependencies }).toMatchObject(
    packageIn(`examples/${name}`).dependencies ?? {},
  );
});
