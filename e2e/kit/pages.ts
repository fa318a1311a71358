import { readdirSync } from "node:fs";
import { join } from "node:path";

const app = join(import.meta.dirname, "../../app");
const ANY_ID = "00000000-0000-4000-8000-000000000000";

/** The paths of all pages under a folder of `app/`, whoever adds them; an id in one names nothing. */
export function pagesUnder(folder: string): string[] {
  return readdirSync(join(app, folder), { recursive: true, encoding: "utf8" })
    .map((name) => join(folder, name).replaceAll("\\", "/"))
    .filter((name) => /(^|\/)page\.tsx$/.test(name))
    .map((name) => `/${name.replace(/\/?page\.tsx$/, "").replace(/\[\w+\]/g, ANY_ID)}`)
    .sort();
}
