import { existsSync, linkSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { randomToken } from "@/lib/base/crypto.ts";
import { makeFolder } from "@/lib/base/make-folder.ts";

const SECRET_BYTES = 48;
const FILE = "secret-key";

/** Whether a local run has kept a key in `folder`. */
export function hasLocalSecretKey(folder: string): boolean {
  return existsSync(join(folder, FILE));
}

/**
 * The SECRET_KEY of a local run without one: made at the first start and kept in the data folder, readable by
 * its owner only. Two processes that make it at once end with the same one.
 */
export function localSecretKey(folder: string): string {
  const file = join(folder, FILE);
  makeFolder(folder);
  const draft = `${file}.${randomToken(9)}`;
  writeFileSync(draft, randomToken(SECRET_BYTES), { mode: 0o600, flush: true });
  try {
    linkSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    rmSync(draft, { force: true });
  }
  const secret = readFileSync(file, "utf8");
  if (secret.length < SECRET_BYTES)
    throw new Error(`${file} is damaged: put it back, or delete it and log in anew.`);
  return secret;
}
