import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

const root = join(import.meta.dirname, "../..");
const folders = readdirSync(join(root, "examples")).filter((name) =>
  readdirSync(join(root, "examples", name)).includes("package.json"),
);

type Package = {
  name: string;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
};
const packageIn = (path: string): Package =>
  JSON.parse(readFileSync(join(root, path, "package.json"), "utf8"));

it.each(folders)("the example %s names the very versions that it is tested with", (name) => {
  const { dependencies, devDependencies } = packageIn(".");
  const named = Object.entries(packageIn(`examples/${name}`).dependencies ?? {});
  const [ours, others] = [named.filter(isOurs), named.filter((one) => !isOurs(one))];
  expect({ ...dependencies, ...devDependencies }).toMatchObject(Object.fromEntries(others));
  for (const [dependency, place] of ours)
    expect(packageIn(`examples/${name}/${place.slice("file:".length)}`).name).toBe(dependency);
});

/** A package of this repository, which an example takes from where it lies. */
function isOurs([, place]: [name: string, place: string]): boolean {
  return place.startsWith("file:../../packages/");
}
