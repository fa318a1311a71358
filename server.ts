import cluster from "node:cluster";
import { join } from "node:path";
import { loadSettings, type Settings, setMode } from "@/lib/env.ts";
import { runningApp } from "@/lib/running-app.ts";
import { buildWhenNeeded } from "@/lib/start/build.ts";
import { startDatabase } from "@/lib/start/database.ts";
import { createFirstAdmin } from "@/lib/start/first-admin.ts";
import { serve } from "@/lib/start/serve.ts";
import { superviseWorkers } from "@/lib/start/supervise-workers.ts";

/** `npm start`, and with `--dev` `npm run dev`. */
const root = import.meta.dirname;
const dev = process.argv.includes("--dev");

setMode(dev ? "development" : "production");
const loaded = loadSettings(join(root, ".env"));
if (loaded.kind === "faulty") refuse(loaded.faults);
else if (cluster.isWorker) await serveHere(loaded.settings);
else await start(loaded.settings);

/** Database, migrations, pages, first admin; then one serving process or several. */
async function start(settings: Settings): Promise<void> {
  const database = await startDatabase(settings);
  if (database.kind === "refused") return refuse([database.line]);
  database.died.then((line) => refuse([line]));
  if (!dev && !(await buildWhenNeeded(root))) {
    await database.stop();
    return refuse(["The pages could not be built."]);
  }
  await greet(settings);
  if (dev || settings.WEB_CONCURRENCY === 1) await serveHere(settings);
  else await superviseWorkers(settings.WEB_CONCURRENCY);
  await (await runningApp()).close();
  await database.stop();
  process.exit(0);
}

async function serveHere(settings: Settings): Promise<void> {
  const ended = await serve(settings, { root, dev });
  if (ended.kind === "refused") refuse([ended.line]);
  await (await runningApp()).close();
  if (cluster.isWorker) process.exit(0);
}

/** Prints where to go, and on a fresh local install the first admin's password, this once. */
async function greet(settings: Settings): Promise<void> {
  const admin = settings.local ? await createFirstAdmin(await runningApp()) : null;
  if (admin) console.log(`First admin: ${admin.email}\nPassword:    ${admin.password}   (shown this once)`);
}

function refuse(lines: string[]): void {
  for (const line of lines) console.error(`keyturn: ${line}`);
  process.exit(1);
}
