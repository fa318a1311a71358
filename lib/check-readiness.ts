import { pendingMigrations } from "@/db/pending-migrations.ts";
import type { App } from "./app.ts";
import { type Failure, failure } from "./contract/errors.ts";

/** Whether this process can serve: the database answers and has every migration. A database that is away throws. */
export async function checkReadiness({ db }: App): Promise<{ kind: "ready" } | Failure> {
  const pending = await pendingMigrations(db);
  return pending === 0 ? { kind: "ready" } : failure("unavailable", "The database lacks migrations.");
}
