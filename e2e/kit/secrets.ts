import { appendFileSync, createWriteStream } from "node:fs";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { randomUUID } from "@/lib/base/crypto.ts";

/** Where this run keeps what its servers print and what they must not: outside of every report. */
const FOLDER = "KEYTURN_E2E_SECRETS";
const KEPT = "secrets.jsonl";

/** Shorter words would be found by chance, except for codes, which are looked for as whole words. */
const SHORTEST = 12;
const CODE = /^\d{6}$/;
const SECRET_FIELD = /password|token|client_secret|^(access|refresh|challenge|code|secret)$/;
const SECRET_SETTING = /^(SECRET_KEY|SIGNING_KEY|METRICS_TOKEN|RESEND_API_KEY)$/;
const URL_SETTING = /^(DATABASE_URL|SMTP_URL)$/;
/** What a first start tells on purpose. */
const TOLD_ONCE = /^Password: +\S+ +\(shown this once\)$/gm;

/** Makes room for a run's secrets; returns what looks through all logs at its end and removes both. */
export async function gatherSecrets(): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), "keyturn-e2e-logs-"));
  process.env[FOLDER] = folder;
  return async () => {
    const names = await readdir(folder);
    const read = (name: string) => readFile(join(folder, name), "utf8");
    const kept = names.includes(KEPT) ? await read(KEPT) : "";
    const secrets = new Set<string>(
      kept
        .split("\n")
        .filter(Boolean)
        .map((line) => JSON.parse(line)),
    );
    const logs = await Promise.all(names.filter((name) => name !== KEPT).map(read));
    await rm(folder, { recursive: true, force: true });
    const found = findSecrets(logs.join("\n"), secrets);
    if (found.length > 0) throw new Error(`servers printed secrets, on these lines:\n${found.join("\n")}`);
    console.log(`None of ${secrets.size} secrets stands in what ${logs.length / 2} servers printed.`);
  };
}

/** Remembers what no server may print. */
export function keepSecrets(...secrets: (string | null | undefined)[]): void {
  const folder = process.env[FOLDER];
  const lines = secrets
    .filter((secret) => secret && isTelling(secret))
    .map((secret) => JSON.stringify(secret));
  if (folder && lines.length > 0)
    appendFileSync(join(folder, KEPT), `${lines.join("\n")}\n`, { mode: 0o600 });
}

/** Remembers what is secret in a body that was sent or received, however deep, and in mail that it holds. */
export function keepSecretsOf(body: unknown): void {
  if (typeof body !== "object" || body === null) return;
  for (const [name, value] of Object.entries(body)) {
    if (typeof value === "object") keepSecretsOf(value);
    else if (typeof value === "string" && SECRET_FIELD.test(name)) keepSecrets(value);
    else if (typeof value === "string" && name === "text") keepSecrets(...secretsInMail(value));
  }
}

/** The same for a body that is still text: JSON, or nothing that holds secrets. */
export function keepSentSecrets(text: string): void {
  if (!text.startsWith("{")) return;
  try {
    keepSecretsOf(JSON.parse(text));
  } catch {
    // Tests send broken JSON on purpose.
  }
}

/** Remembers what `Set-Cookie` lines hand out. */
export function keepCookies(lines: string[] = []): void {
  keepSecrets(...lines.map((line) => (line.split(";")[0] ?? "").replace(/^[^=]*=/, "")));
}

export function keepSecretSettings(variables: Record<string, string>): void {
  for (const [name, value] of Object.entries(variables)) {
    if (SECRET_SETTING.test(name)) keepSecrets(value, ...value.split(/\\n|\n/));
    else if (URL_SETTING.test(name) && URL.canParse(value)) keepSecrets(new URL(value).password);
  }
}

/** Keeps all that a server prints until the run ends. */
export function keepLog(...streams: Readable[]): void {
  const folder = process.env[FOLDER];
  if (folder)
    for (const stream of streams) stream.pipe(createWriteStream(join(folder, `${randomUUID()}.log`)));
}

/** The lines of `log` in which a secret stands, each secret replaced by its first letters. */
export function findSecrets(log: string, secrets: Iterable<string>): string[] {
  const all = new Set([...secrets].flatMap((secret) => [secret, ...signatureOf(secret)]));
  const codes = new Set([...all].filter((secret) => CODE.test(secret)));
  const byStart = new Map<string, string[]>();
  for (const secret of all) {
    if (CODE.test(secret)) continue;
    const start = secret.slice(0, SHORTEST);
    byStart.set(start, [...(byStart.get(start) ?? []), secret]);
  }
  const text = log.replaceAll(TOLD_ONCE, "");
  return text.split("\n").flatMap((line) => {
    const code = (line.match(/(?<![\w-])\d{6}(?![\w-])/g) ?? []).find((digits) => codes.has(digits));
    const secret = code ?? firstIn(line, byStart);
    return secret === undefined ? [] : [line.replaceAll(secret, `${secret.slice(0, 3)}…`)];
  });
}

function firstIn(line: string, byStart: Map<string, string[]>): string | undefined {
  for (let at = 0; at + SHORTEST <= line.length; at += 1) {
    const found = byStart.get(line.slice(at, at + SHORTEST))?.find((secret) => line.startsWith(secret, at));
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Half a token would do as well. */
function signatureOf(secret: string): string[] {
  const [, , signature, ...more] = secret.split(".");
  return secret.startsWith("eyJ") && signature && signature.length >= SHORTEST && more.length === 0
    ? [signature]
    : [];
}

function secretsInMail(text: string): string[] {
  const links = [...text.matchAll(/[?&]token=([\w.~-]+)/g)].map(([, token = ""]) => token);
  return [...links, ...(text.match(/^\d{6}$/gm) ?? [])];
}

function isTelling(secret: string): boolean {
  return (
    CODE.test(secret) || (secret.length >= SHORTEST && !secret.includes("\n") && !secret.startsWith("-----"))
  );
}
