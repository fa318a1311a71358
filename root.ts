import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder that Keyturn lies in, for its sources, for what was compiled of them and in Next's bundles alike. */
export const root = folderOf("next.config.js", dirname(fileURLToPath(import.meta.url)));

/** Next's own folder has a `package.json` too, so that names nothing. */
function folderOf(file: string, folder: string): string {
  return existsSync(join(folder, file)) ? folder : folderOf(file, dirname(folder));
}
