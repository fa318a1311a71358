import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { makeFolder } from "./make-folder.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "keyturn-folder-"));
});
afterEach(() => rmSync(root, { recursive: true }));

it("makes a folder with those above it, for its owner alone where that is asked, and finds it there again", () => {
  const path = join(root, "a/b/c");
  makeFolder(path, 0o700);
  makeFolder(path, 0o700);
  expect(statSync(path).mode & 0o777).toBe(0o700);
});

it("says what is wrong where a file is in the way", () => {
  writeFileSync(join(root, "file"), "");
  expect(() => makeFolder(join(root, "file"))).toThrow("EEXIST");
  expect(() => makeFolder(join(root, "file/inside"))).toThrow("ENOTDIR");
});

it.runIf(process.platform === "linux")("ends where the system makes no folders", () => {
  expect(() => makeFolder("/proc/nope/data")).toThrow("ENOENT");
});
