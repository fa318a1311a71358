import { pendingMigrations } from "@/db/pending-migrations.ts";
import { writeNothing } from "@/db/queries/server.ts";
import type { App } from "@/lib/app/app.ts";
import { type Failure, failure } from "@/lib/contract/errors.ts";

/**
 * Whether this process can serve: the database answers, takes writes and has every migration. One that
 * is away throws.
 */
export async function checkReadiness({ db }: App): Promise<{ kind: "ready" } | Failure> {
  await writeNothing(db);
  const pending = await pendingMigrations(db);
  return pending === 0 ? { kind: "ready" } : failure("unavailable", "The database lacks migrations.");
}
