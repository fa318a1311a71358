import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { buildWhenNeeded } from "@/lib/start/build.ts";
import { shareDatabaseServer } from "./database-server.ts";
import { gatherSecrets } from "./secrets.ts";

/**
 * Before the first test: server and command line are compiled, the pages are built, and a PostgreSQL runs. Returns what ends it, and then looks through all
 * that all servers of the run have printed for every secret that it used.
 */
export default async function setup(): Promise<() => Promise<void>> {
  const root = join(import.meta.dirname, "../..");
  execFileSync(process.execPath, ["run.js", "cli/keyturn.ts", "--help"], { cwd: root });
  if (!(await buildWhenNeeded(root))) throw new Error("the pages could not be built");
  const lookThroughLogs = await gatherSecrets();
  const stop = await shareDatabaseServer();
  return () => stop().finally(lookThroughLogs);
}
