import cluster from "node:cluster";
import { join } from "node:path";
import { runningApp } from "@/lib/app/running-app.ts";
import { logWritten } from "@/lib/base/log.ts";
import { loadSettings, type Settings, setMode } from "@/lib/settings/env.ts";
import { buildWhenNeeded } from "@/lib/start/build.ts";
import { startDatabase } from "@/lib/start/database.ts";
import { createFirstAdmin } from "@/lib/start/first-admin.ts";
import { findPortFault } from "@/lib/start/port.ts";
import { type Served, serve } from "@/lib/start/serve.ts";
import { askedToStop } from "@/lib/start/stop.ts";
import { superviseWorkers } from "@/lib/start/supervise-workers.ts";
import { root } from "./root.ts";

/** `npm start`, and with `--dev` `npm run dev`. */
const dev = process.argv.includes("--dev");

// Who reads what we print may go away: no reason to stop, nor to complain of it in print for ever.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});
setMode(dev ? "development" : "production");
const stopAsked = askedToStop();
const loaded = loadSettings(join(root, ".env"));
if (loaded.kind === "faulty") refuse(loaded.faults);
else await (cluster.isWorker ? work : start)(loaded.settings).catch(crash);

/** A free port, database, migrations, pages, first admin; then one serving process or several. */
async function start(settings: Settings): Promise<void> {
  const portFault = await findPortFault(settings.PORT);
  if (portFault !== null) return refuse([portFault]);
  const database = await startDatabase(settings);
  if (database.kind === "refused") return refuse([database.line]);
  database.died.then((line) => refuse([line]));
  const ended = await run(settings).finally(database.stop);
  if (ended.kind === "refused") refuse([ended.line]);
  await logWritten();
  process.exit(0);
}

async function run(settings: Settings): Promise<Served> {
  if (!dev && !(await buildWhenNeeded(root)))
    return { kind: "refused", line: "The pages could not be built." };
  await greet(settings);
  const several = !dev && settings.WEB_CONCURRENCY > 1;
  const ended = await (several
    ? superviseWorkers(settings.WEB_CONCURRENCY, stopAsked)
    : serve(settings, { root, dev, stopAsked }));
  await (await runningApp()).close();
  return ended;
}

/** One of several processes. Why it cannot serve is the supervisor's to say, once. */
async function work(settings: Settings): Promise<void> {
  const ended = await serve(settings, { root, dev, stopAsked });
  await (await runningApp()).close();
  await logWritten();
  if (ended.kind === "stopped") process.exit(0);
  process.send?.(ended.line, () => process.exit(1));
}

/** Prints where to go, and on a fresh local install the first admin's password, this once. */
async function greet(settings: Settings): Promise<void> {
  if (!settings.BLACKLIST_AFTER_ROTATION) {
    console.warn(
      "BLACKLIST_AFTER_ROTATION=false changes nothing: a rotated token is refused here in any case.",
    );
  }
  const admin = settings.local ? await createFirstAdmin(await runningApp()) : null;
  if (admin) console.log(`First admin: ${admin.email}\nPassword:    ${admin.password}   (shown this once)`);
}

/** Next keeps a process alive whatever it throws; one that could not start must end. */
function crash(error: unknown): void {
  console.error(error);
  process.exit(1);
}

function refuse(lines: string[]): void {
  for (const line of lines) console.error(`keyturn: ${line}`);
  process.exit(1);
}
