import type { Database } from "@/db/client.ts";
import { hasEmbeddedDatabase } from "@/db/embedded.ts";
import { pendingMigrations } from "@/db/pending-migrations.ts";
import { serverVersion } from "@/db/queries/server.ts";
import { oldestEnd } from "@/db/queries/sessions.ts";
import { databaseTime } from "@/db/queries/time.ts";
import { ENDED_SESSION_KEPT_SECONDS } from "@/lib/auth/limits/lifetimes.ts";
import { systemClock } from "@/lib/base/clock.ts";
import { durationWords } from "@/lib/contract/number-words.ts";
import type { ParsedSettings, Settings } from "@/lib/settings/env.ts";
import { hasLocalSecretKey } from "@/lib/settings/secret-key.ts";
import { checkCookies, checkCors, checkProxies } from "./check-deployment.ts";
import { checkMail, type Finding } from "./check-mail.ts";
import { reachDatabase } from "./database.ts";
import { faultLine, type Outcome, warn } from "./outcome.ts";
import { counted, table } from "./table.ts";

/** What a check looks at; `db` throws where the database cannot be reached. */
type Patient = { settings: Settings; db(): Database; mailTo?: string | undefined };

const OLDEST_POSTGRES = 15;
const SKEW_MAX_SECONDS = 5;
/** A running Keyturn prunes every hour. */
const PRUNE_LATE_SECONDS = 24 * 60 * 60;
const DAY_MS = 24 * 60 * 60 * 1000;

type Check = { name: string; run(patient: Patient): Finding | Promise<Finding> };

const checks: Check[] = [
  {
    name: "settings",
    run: ({ settings }) => well(`Every setting is valid; APP_URL is ${settings.APP_URL}.`),
  },
  { name: "proxies", run: ({ settings }) => checkProxies(settings) },
  { name: "cookies", run: ({ settings }) => checkCookies(settings) },
  { name: "CORS", run: ({ settings }) => checkCors(settings) },
  { name: "secret key", run: ({ settings }) => checkSecretKey(settings) },
  { name: "database", run: ({ settings, db }) => checkDatabase(db(), settings) },
  { name: "migrations", run: ({ db }) => checkMigrations(db()) },
  { name: "clock", run: ({ db }) => checkClock(db()) },
  { name: "pruning", run: ({ db }) => checkPruning(db()) },
  { name: "mail", run: ({ settings, db, mailTo }) => checkMail(settings, mailTo, db) },
];

/**
 * Looks at everything that Keyturn needs to run and says one sentence on each; never a secret. It makes nothing: no
 * folder, no key, no database.
 *
 * @param mailTo where to send a test mail, if anywhere
 */
export async function doctor(loaded: ParsedSettings, mailTo?: string): Promise<Outcome> {
  if (loaded.kind === "faulty") {
    return diagnosis(loaded.faults.map((fault) => ({ check: "settings", ...ill(`${fault}.`) })));
  }
  const { settings } = loaded;
  const reached = await reachExisting(settings).catch(
    (error) => ({ kind: "refused", objection: faultLine(error) }) as const,
  );
  const db = () => {
    if (reached.kind === "refused") throw new Error(reached.objection);
    return reached.db;
  };
  const findings = [];
  for (const check of checks)
    findings.push({ check: check.name, ...(await examine(check, { settings, db, mailTo })) });
  if (reached.kind === "reached") await reached.leave().catch((error) => warn([faultLine(error)]));
  return diagnosis(findings);
}

async function reachExisting(settings: Settings) {
  const { DATABASE_URL, DATA_FOLDER } = settings;
  if (DATABASE_URL !== undefined || hasEmbeddedDatabase(DATA_FOLDER)) return reachDatabase(settings);
  const objection = `There is no database in ${DATA_FOLDER} yet: the first start makes it, or the command migrate.`;
  return { kind: "refused", objection } as const;
}

async function examine(check: Check, patient: Patient): Promise<Finding> {
  try {
    return await check.run(patient);
  } catch (error) {
    return ill(faultLine(error));
  }
}

function diagnosis(findings: ({ check: string } & Finding)[]): Outcome {
  const rows = findings.map(({ check, ok, detail }) => [ok ? "ok" : "fault", check, detail]);
  const [, ...lines] = table(["", "", ""], rows);
  return { kind: findings.every(({ ok }) => ok) ? "done" : "faulty", lines, data: findings };
}

function checkSecretKey({ SECRET_KEY, DATA_FOLDER }: Settings): Finding {
  if (SECRET_KEY) return well("SECRET_KEY is in force.");
  if (!hasLocalSecretKey(DATA_FOLDER))
    return well("SECRET_KEY is unset; the first start makes one and keeps it.");
  return well(`SECRET_KEY is unset, so the key kept in ${DATA_FOLDER} is in force.`);
}

async function checkDatabase(db: Database, settings: Settings): Promise<Finding> {
  const { text, major } = await serverVersion(db);
  const where = settings.DATABASE_URL ? "at DATABASE_URL" : `embedded in ${settings.DATA_FOLDER}`;
  return major >= OLDEST_POSTGRES
    ? well(`PostgreSQL ${text} answers, ${where}.`)
    : ill(`PostgreSQL ${text} is too old; it must be ${OLDEST_POSTGRES} or newer.`);
}

async function checkMigrations(db: Database): Promise<Finding> {
  const pending = await pendingMigrations(db);
  return pending === 0
    ? well("The schema is up to date.")
    : ill(`The schema lacks ${counted(pending, "migration")}; run the command migrate.`);
}

async function checkClock(db: Database): Promise<Finding> {
  const askedMs = systemClock.now().getTime();
  const thereMs = (await databaseTime(db)).getTime();
  const hereMs = (askedMs + systemClock.now().getTime()) / 2;
  const skewSeconds = Math.abs(hereMs - thereMs) / 1000;
  const detail = `This machine's clock and the database's are ${skewSeconds.toFixed(1)} s apart`;
  return skewSeconds <= SKEW_MAX_SECONDS ? well(`${detail}.`) : ill(`${detail}; set them right.`);
}

/** What ended long ago goes within the hour while Keyturn runs; if it stays, pruning fails or nothing runs. */
async function checkPruning(db: Database): Promise<Finding> {
  const [oldest, now] = [await oldestEnd(db), await databaseTime(db)];
  const lateMs = oldest ? now.getTime() - oldest.getTime() - ENDED_SESSION_KEPT_SECONDS * 1000 : 0;
  if (lateMs <= PRUNE_LATE_SECONDS * 1000)
    return well(`Sessions that ended ${durationWords(ENDED_SESSION_KEPT_SECONDS)} ago are gone.`);
  const days = counted(Math.floor(lateMs / DAY_MS), "day");
  return ill(
    `Pruning is ${days} late; run the command sessions prune and look for "pruning failed" in the log.`,
  );
}

function well(detail: string): Finding {
  return { ok: true, detail };
}

function ill(detail: string): Finding {
  return { ok: false, detail };
}
