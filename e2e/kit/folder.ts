import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A data folder of its own for what is done with it. */
export async function withDataFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "keyturn-e2e-"));
  try {
    await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The process of the PostgreSQL that runs on a data folder, or null when none does. */
export async function postgresProcess(folder: string): Promise<number | null> {
  const text = await readFile(join(folder, "postgres/data/postmaster.pid"), "utf8").catch(() => "");
  return Number.parseInt(text, 10) || null;
}
