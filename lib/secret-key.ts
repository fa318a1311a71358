import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { randomToken } from "./crypto.ts";

const SECRET_BYTES = 48;

/**
 * The SECRET_KEY of a local run without one: made at the first start and kept in the data folder, readable by
 * its owner only. Two processes that make it at once end with the same one.
 */
export function localSecretKey(folder: string): string {
  const file = join(folder, "secret-key");
  mkdirSync(folder, { recursive: true });
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
