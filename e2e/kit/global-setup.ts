import { join } from "node:path";
import { buildWhenNeeded } from "@/lib/start/build.ts";
import { shareDatabaseServer } from "./database-server.ts";

/** Before the first test: the pages are built, and a PostgreSQL runs. Returns what ends it. */
export default async function setup(): Promise<() => Promise<void>> {
  const root = join(import.meta.dirname, "../..");
  if (!(await buildWhenNeeded(root))) throw new Error("the pages could not be built");
  return shareDatabaseServer();
}
